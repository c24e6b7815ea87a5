/** A small picture of a call, drawn with the call's own pieces. Decoration: hidden from screen readers. */
import { MessageSquare, Mic, MicOff, PhoneOff, Users, Video } from "lucide-preact";
import type { JSX } from "preact";
import { words } from "../text";
import { Avatar } from "./avatar";

export function HeroCall(): JSX.Element {
  return (
    <div class="hero-call" aria-hidden="true">
      <Meridians />
      <div class="hero-stage">
        <div class="hero-tiles">
          {words.landing.heroNames.map((name, place) => (
            <div class={`hero-tile hero-tile-${place}`} key={name}>
              <Avatar id={name} name={name} />
              <span class="name-plate">
                {place === 2 && <MicOff size={12} />}
                {name}
              </span>
            </div>
          ))}
        </div>
        <div class="hero-bar">
          {[Mic, Video, MessageSquare, Users].map((Icon, place) => (
            <span key={place}>
              <Icon size={16} />
            </span>
          ))}
          <span class="hero-leave">
            <PhoneOff size={16} />
          </span>
        </div>
      </div>
    </div>
  );
}

function Meridians(): JSX.Element {
  return (
    <svg class="meridians" viewBox="0 0 400 400" fill="none" stroke="currentColor" stroke-width="1">
      <circle cx="200" cy="200" r="196" />
      {[40, 84, 126, 164].map((radius) => (
        <ellipse key={radius} cx="200" cy="200" rx={radius} ry="196" />
      ))}
      {[-130, -66, 0, 66, 130].map((latitude) => {
        const half = Math.sqrt(196 ** 2 - latitude ** 2);
        return <path key={latitude} d={`M${200 - half} ${200 + latitude}H${200 + half}`} />;
      })}
    </svg>
  );
}

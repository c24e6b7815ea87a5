/** A small picture of a call, drawn with the call's own pieces. Decoration: hidden from screen readers. */
import { MessageSquare, Mic, MicOff, PhoneOff, Users, Video } from "lucide-preact";
import type { JSX } from "preact";
import { words } from "../text";
import { Avatar } from "./avatar";
import { Meridians } from "./meridians";

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

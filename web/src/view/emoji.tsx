/** Emoji to put into a message. Screen readers say each in the person's own language. */
import { Smile } from "lucide-preact";
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { words } from "../text";
import { forward } from "./direction";

const EMOJI = [
  "😀 😄 😂 🤣 😊 😉 😍 😘",
  "😎 🤔 🤨 😐 🙄 😴 😅 😢",
  "😭 😤 😱 😳 🥳 🤯 🤗 🤩",
  "👍 👎 👏 🙌 🙏 👋 👌 💪",
  "🤝 ✌️ 🤞 👀 🧠 ⚡ ❤️ 💔",
  "🎉 🎂 🎁 🔥 ✨ ⭐ ☀️ 🌈",
  "✅ ❌ ❓ ❗ 💡 📌 📎 📅",
  "🚀 🐛 ☕ 🍕 🎵 ⏰ 🏁 💯",
].map((row) => row.split(" "));

const PER_ROW = 8;

interface EmojiProps {
  disabled: boolean;
  onChoose(emoji: string): void;
  /** Where the focus goes then. */
  onClose(): void;
}

export function EmojiButton({ disabled, onChoose, onClose }: EmojiProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    if (!open) return undefined;
    grid.current?.querySelector("button")?.focus();
    const outside = ({ target }: PointerEvent) => {
      if (target instanceof Node && !host.current?.contains(target)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    onClose();
  };
  const press = (event: KeyboardEvent) => {
    const all = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = all.findIndex((button) => button === document.activeElement);
    const next = {
      ArrowRight: at + forward(),
      ArrowLeft: at - forward(),
      ArrowDown: at + PER_ROW,
      ArrowUp: at - PER_ROW,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (event.key === "Escape") close();
    else if (next !== undefined) all[(next + all.length) % all.length]?.focus();
    else if (event.key === "Tab") return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={host} class="emoji-host">
      <button
        type="button"
        class="icon-button quiet emoji-button"
        aria-label={words.chat.emoji}
        title={words.chat.emoji}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        <Smile size={20} aria-hidden="true" />
      </button>
      {open && (
        <div ref={grid} id={id} class="emoji" role="dialog" aria-label={words.chat.emoji} onKeyDown={press}>
          {EMOJI.flat().map((emoji, place) => (
            <button
              key={emoji}
              type="button"
              tabIndex={place === 0 ? 0 : -1}
              onClick={() => {
                onChoose(emoji);
                close();
              }}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

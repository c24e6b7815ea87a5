/** Web addresses in what people write. */
import type { ComponentChildren } from "preact";

/** A text with its web addresses as links. */
export function linked(text: string): ComponentChildren[] {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g).map((part, place) =>
    place % 2 === 1 ? (
      <a key={place} href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

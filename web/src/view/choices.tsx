/** One of a few: radio buttons with a line that explains each. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface ChoicesProps<Value extends string> {
  label: string;
  choices: readonly { value: Value; name: string; text?: string }[];
  value: Value;
  onChoose(value: Value): void;
}

export function Choices<Value extends string>(props: ChoicesProps<Value>): JSX.Element {
  const id = useId();
  return (
    <fieldset class="choices">
      <legend>{props.label}</legend>
      {props.choices.map(({ value, name, text }) => (
        <div key={value} class="choice">
          <input
            type="radio"
            id={id + value}
            name={id}
            checked={value === props.value}
            aria-describedby={text === undefined ? undefined : `${id}${value}-text`}
            onChange={() => props.onChoose(value)}
          />
          <label for={id + value}>{name}</label>
          {text !== undefined && (
            <span id={`${id}${value}-text`} class="note">
              {text}
            </span>
          )}
        </div>
      ))}
    </fieldset>
  );
}

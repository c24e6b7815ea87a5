/** How others see the person: name, colour or picture, language. */
import { ImageUp, Trash2 } from "lucide-preact";
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { changeProfile } from "../api";
import { type Color, NAME_CHARS, type Picture, type User } from "../protocol";
import { words } from "../text";
import { UserAvatar } from "../view/avatar";
import { Field } from "../view/controls";
import { COLOURS } from "./colours";
import { problemOf } from "./form-errors";
import { FormBody, TextField, useForm } from "./form";
import { choices } from "./locales";
import { pictureFrom } from "./picture";
import { profileChanged } from "./session";

export function ProfileForm({ user }: { user: User }): JSX.Element {
  const [color, setColor] = useState(user.color);
  const [picture, setPicture] = useState<Picture | null>(user.picture ?? null);
  const [saved, setSaved] = useState(false);

  const form = useForm({
    labels: { name: words.account.name },
    check: ({ name }) => ({ name: name.trim() === "" ? words.account.nameMissing : null }),
    send: async ({ name }) => {
      setSaved(false);
      const answer = await changeProfile({ name: name.trim(), color, picture });
      if (!answer.ok) return answer;
      profileChanged(answer.value);
      setSaved(true);
      return null;
    },
  });

  const seen = { name: user.name, color, ...(picture !== null && { picture }) };
  return (
    <FormBody form={form} submit={words.account.save} done={saved ? words.account.saved : ""}>
      <PictureChoice seen={seen} choose={setPicture} />
      <ColourChoice color={color} first={user.color} choose={setColor} />
      <TextField form={form} name="name" autocomplete="name" maxLength={NAME_CHARS} value={user.name} />
      <LocaleChoice user={user} kept={() => setSaved(true)} />
    </FormBody>
  );
}

/** Kept at once: whoever cannot read this page must not have to find its button. */
function LocaleChoice({ user, kept }: { user: User; kept(): void }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const keep = async (select: HTMLSelectElement) => {
    const answer = await changeProfile({ locale: select.value });
    setProblem(answer.ok ? null : problemOf(answer));
    if (answer.ok) {
      profileChanged(answer.value);
      kept();
    } else select.value = user.locale ?? "";
  };
  return (
    <Field label={words.account.language} hint={words.account.languageHint} error={problem}>
      {({ id, describedBy, invalid }) => (
        <select
          id={id}
          name="locale"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => void keep(event.currentTarget)}
        >
          {user.locale === undefined && <option value="">{words.account.languageOwn}</option>}
          {choices(user.locale).map(({ locale, name }) => (
            <option key={locale} value={locale} lang={locale} dir="auto" selected={locale === user.locale}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function PictureChoice(props: {
  seen: Pick<User, "name" | "color" | "picture">;
  choose(picture: Picture | null): void;
}): JSX.Element {
  const [unreadable, setUnreadable] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const picture = await pictureFrom(file);
    setUnreadable(picture === null);
    if (picture !== null) props.choose(picture);
  };
  return (
    <div class="picture-choice" role="group" aria-label={words.account.picture}>
      <UserAvatar user={props.seen} />
      <div class="picture-actions">
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={words.account.choosePicture}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            // The same file may be chosen again.
            event.currentTarget.value = "";
          }}
        />
        <button type="button" class="button" onClick={() => input.current?.click()}>
          <ImageUp size={18} aria-hidden="true" />
          {words.account.choosePicture}
        </button>
        {props.seen.picture !== undefined && (
          <button type="button" class="button plain" onClick={() => props.choose(null)}>
            <Trash2 size={18} aria-hidden="true" />
            {words.account.removePicture}
          </button>
        )}
        {unreadable && (
          <p class="note text-danger" role="alert">
            {words.account.pictureUnreadable}
          </p>
        )}
      </div>
    </div>
  );
}

function ColourChoice(props: { color: Color; first: Color; choose(color: Color): void }): JSX.Element {
  const group = useId();
  const known = COLOURS.map((color, place) => ({ color, name: words.account.colours[place] ?? color }));
  const all = COLOURS.includes(props.first) ? known : [{ color: props.first, name: words.account.colourNow }, ...known];
  return (
    <fieldset class="colours">
      <legend>{words.account.colour}</legend>
      <div class="colours-row">
        {all.map(({ color, name }) => (
          <label key={color} title={name}>
            <input
              type="radio"
              class="sr-only"
              name={group}
              value={color}
              checked={color === props.color}
              aria-label={name}
              onChange={() => props.choose(color)}
            />
            <span class="colour" style={{ background: color }} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

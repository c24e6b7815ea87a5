/** The choice of what stands behind the person, before and in the meeting. */
import { Ban, ImagePlus, UserRound } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import { type BackgroundChoice, CHOICES, isPicture } from "../media/background/choice";
import { cover } from "../media/background/numbers";
import { keepOwnPicture, type OwnPictureProblem, ownPicture } from "../media/background/own-picture";
import { paint } from "../media/background/pictures";
import { words } from "../text";

export function BackgroundChoices({ call }: { call: Call }): JSX.Element {
  const { background } = call;
  const id = useId();
  const [own, setOwn] = useState<Blob | null>(null);
  const [problem, setProblem] = useState<OwnPictureProblem | null>(null);
  useEffect(() => void ownPicture().then(setOwn), []);

  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    const wrong = await keepOwnPicture(file);
    // The same file again is a change too.
    input.value = "";
    setProblem(wrong);
    if (wrong !== null) return;
    setOwn(await ownPicture());
    background.choose("own");
  };

  const chosen = background.choice.value;
  const choices = CHOICES.filter((choice) => choice !== "own" || own !== null);
  return (
    <fieldset class="choices backgrounds">
      <legend>{words.background.title}</legend>
      <div class="background-grid">
        {choices.map((choice) => (
          <div key={choice} class="background-choice">
            <input
              type="radio"
              id={id + choice}
              name={id}
              checked={choice === chosen}
              onChange={() => background.choose(choice)}
            />
            <label for={id + choice}>
              <Sample choice={choice} own={own} />
              <span>{words.background.choices[choice]}</span>
            </label>
          </div>
        ))}
      </div>
      <label class="button background-file">
        <ImagePlus size={18} aria-hidden="true" />
        {own === null ? words.background.choosePicture : words.background.changePicture}
        <input type="file" accept="image/*" onChange={(event) => void take(event.currentTarget)} />
      </label>
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {words.background.pictureProblems[problem]}
        </p>
      )}
      <p class="note">{words.background.onDevice}</p>
    </fieldset>
  );
}

function Sample({ choice, own }: { choice: BackgroundChoice; own: Blob | null }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const blob = choice === "own" ? own : null;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return undefined;
    if (isPicture(choice)) paint(choice, context);
    if (!blob) return undefined;
    let over = false;
    createImageBitmap(blob).then(
      (image) => {
        if (!over) drawCovering(context, image);
        image.close();
      },
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [choice, blob]);
  if (choice === "none") return <SampleMark><Ban size={20} aria-hidden="true" /></SampleMark>;
  if (choice === "slight" || choice === "strong") {
    return (
      <SampleMark blur={choice}>
        <UserRound size={26} aria-hidden="true" />
      </SampleMark>
    );
  }
  return <canvas ref={canvas} width={160} height={90} class="background-sample" aria-hidden="true" />;
}

function SampleMark({ blur, children }: { blur?: "slight" | "strong"; children: JSX.Element }): JSX.Element {
  return (
    <span class="background-sample" data-blur={blur}>
      {children}
    </span>
  );
}

function drawCovering(context: CanvasRenderingContext2D, image: ImageBitmap): void {
  const { width, height } = context.canvas;
  const part = cover(image, { width, height });
  const [wide, tall] = [image.width * part.width, image.height * part.height];
  context.drawImage(image, (image.width - wide) / 2, (image.height - tall) / 2, wide, tall, 0, 0, width, height);
}

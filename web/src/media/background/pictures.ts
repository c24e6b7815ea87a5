/**
 * The pictures that ship with the client, drawn by a few lines each: nothing to load, nobody's photo.
 *
 * Each fills its canvas whatever its size; people sit in the middle, so what is to be seen is beside.
 */
import type { PictureName } from "./choice";

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;
type Painter = (context: Context, width: number, height: number) => void;

export function paint(name: PictureName, context: Context): void {
  const { width, height } = context.canvas;
  context.save();
  painters[name](context, width, height);
  context.restore();
}

function gradient(context: Context, height: number, stops: readonly [at: number, colour: string][]): CanvasGradient {
  const colours = context.createLinearGradient(0, 0, 0, height);
  for (const [at, colour] of stops) colours.addColorStop(at, colour);
  return colours;
}

function fill(context: Context, width: number, height: number, stops: readonly [number, string][]): void {
  context.fillStyle = gradient(context, height, stops);
  context.fillRect(0, 0, width, height);
}

/** A line of hills from edge to edge: `top` and `swing` as parts of the height. */
function hills(context: Context, width: number, height: number, top: number, swing: number, turns: number, shift: number): void {
  context.beginPath();
  context.moveTo(0, height);
  for (let step = 0; step <= 64; step += 1) {
    const x = step / 64;
    const wave = Math.sin((x * turns + shift) * Math.PI * 2) * 0.7 + Math.sin((x * turns * 2.3 + shift) * Math.PI * 2) * 0.3;
    context.lineTo(x * width, (top + wave * swing) * height);
  }
  context.lineTo(width, height);
  context.fill();
}

function disc(context: Context, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fill();
}

const painters: Record<PictureName, Painter> = {
  dawn(context, width, height) {
    fill(context, width, height, [
      [0, "#5b6fb5"],
      [0.45, "#d9a5b3"],
      [0.7, "#f6d3a8"],
      [1, "#f3c48d"],
    ]);
    context.fillStyle = "#fff3d6";
    disc(context, width * 0.8, height * 0.5, height * 0.07);
    for (const [top, colour, shift] of [
      [0.64, "#b98ea6", 0.1],
      [0.74, "#85709a", 0.45],
      [0.86, "#4d4b78", 0.8],
    ] as const) {
      context.fillStyle = colour;
      hills(context, width, height, top, 0.045, 1.6, shift);
    }
  },
  study(context, width, height) {
    fill(context, width, height, [
      [0, "#e9e2d5"],
      [0.78, "#d8cdbb"],
      [0.781, "#9a7b5c"],
      [1, "#84664a"],
    ]);
    const shelf = (x: number, y: number, length: number) => {
      context.fillStyle = "#8a6a4c";
      context.fillRect(x * width, y * height, length * width, height * 0.016);
      const books = ["#3f5d7d", "#b5564a", "#d9b26a", "#5f7f63", "#6a5a83", "#2f3e4e"];
      let at = x + 0.012;
      for (let book = 0; at < x + length - 0.05; book += 1) {
        const tall = 0.085 + ((book * 37) % 5) * 0.011;
        const wide = 0.012 + ((book * 53) % 4) * 0.003;
        context.fillStyle = books[book % books.length] ?? "";
        context.fillRect(at * width, (y - tall) * height, wide * width, tall * height);
        at += wide + ((book * 29) % 7 === 0 ? 0.02 : 0.002);
      }
    };
    shelf(0.05, 0.3, 0.24);
    shelf(0.05, 0.52, 0.24);
    // A window, and the light that falls from it.
    context.fillStyle = "#f7f4ec";
    context.fillRect(width * 0.72, height * 0.12, width * 0.21, height * 0.44);
    context.fillStyle = "#bcd7e6";
    for (const [x, y] of [
      [0.73, 0.14],
      [0.83, 0.14],
      [0.73, 0.35],
      [0.83, 0.35],
    ] as const) {
      context.fillRect(width * x, height * y, width * 0.09, height * 0.19);
    }
  },
  forest(context, width, height) {
    fill(context, width, height, [
      [0, "#cfe3d8"],
      [0.6, "#9cc3ac"],
      [1, "#41695a"],
    ]);
    for (const [row, colour] of ["#8bb59d", "#5f937b", "#386453", "#1f4339"].entries()) {
      context.fillStyle = colour;
      const tall = 0.34 + row * 0.07;
      const foot = 0.66 + row * 0.12;
      for (let tree = -1; tree < 13; tree += 1) {
        const x = (tree + 0.5 * (row % 2) + (((tree + 3) * 31 + row * 17) % 7) / 14) / 11;
        const high = tall * (0.75 + (((tree + 2) * 43 + row * 19) % 9) / 20);
        context.beginPath();
        context.moveTo(x * width, (foot - high) * height);
        context.lineTo((x + 0.05) * width, foot * height);
        context.lineTo((x - 0.05) * width, foot * height);
        context.fill();
      }
      context.fillRect(0, foot * height - 1, width, height);
    }
  },
  night(context, width, height) {
    fill(context, width, height, [
      [0, "#0d1330"],
      [0.6, "#27305f"],
      [1, "#4a4478"],
    ]);
    context.fillStyle = "#e9ecff";
    for (let star = 0; star < 90; star += 1) {
      const x = ((star * 7919) % 1009) / 1009;
      const y = (((star * 104_729) % 997) / 997) * 0.7;
      disc(context, x * width, y * height, height * (0.0012 + (star % 4) * 0.0007));
    }
    context.fillStyle = "#f4efd9";
    disc(context, width * 0.17, height * 0.22, height * 0.075);
    context.fillStyle = "#171e42";
    disc(context, width * 0.188, height * 0.2, height * 0.066);
    for (const [top, colour, shift] of [
      [0.78, "#1d2347", 0.3],
      [0.88, "#10142c", 0.7],
    ] as const) {
      context.fillStyle = colour;
      hills(context, width, height, top, 0.05, 1.3, shift);
    }
  },
};

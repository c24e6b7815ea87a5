/**
 * Ships the model that tells people from what is behind them, and says under which licence.
 *
 * The model is that of MediaPipe's Selfie Segmentation, from its own npm package. The runtime wants to
 * be told in the file what numbers the model expects of a picture (TensorFlow Lite metadata,
 * `metadata_schema.fbs`), which that file predates: it is written around the model, whose own bytes
 * stay as they are.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Builder, type Offset } from "flatbuffers";
import type { Plugin } from "vite";

const MODULE = "virtual:person-model";
const NOTICE = "third-party-licences.txt";
const MODEL = "@mediapipe/selfie_segmentation";
const RUNTIME = "@mediapipe/tasks-vision";

const require = createRequire(import.meta.url);

export function personModel(): Plugin {
  let serving = false;
  return {
    name: "person-model",
    configResolved({ command }) {
      serving = command === "serve";
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const model = described(readFileSync(join(folderOf(MODEL), "selfie_segmentation.tflite")));
      if (serving) {
        const address = `data:application/octet-stream;base64,${Buffer.from(model).toString("base64")}`;
        return `export default ${JSON.stringify(address)}`;
      }
      const file = this.emitFile({ type: "asset", name: "person.tflite", source: model });
      this.emitFile({ type: "asset", fileName: NOTICE, source: notice() });
      return `export default import.meta.ROLLUP_FILE_URL_${file}`;
    },
  };
}

/** A package's folder. Its manifest may not be among what it exports. */
function folderOf(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      readFileSync(join(folder, name, "package.json"));
      return join(folder, name);
    } catch {
      // In one of the folders above.
    }
  }
  throw new Error(`${name} is not installed`);
}

function notice(): string {
  const version = (name: string) =>
    (JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as { version: string }).version;
  const licence = readFileSync(join(dirname(new URL(import.meta.url).pathname), "../../LICENSE-APACHE"), "utf8");
  return `What this client ships of others

MediaPipe Tasks Vision ${version(RUNTIME)} (${RUNTIME}), the MediaPipe authors, Google LLC.
Licence: Apache-2.0, below. Unchanged.

MediaPipe Selfie Segmentation ${version(MODEL)} (${MODEL}), the model
"selfie_segmentation.tflite", the MediaPipe authors, Google LLC.
Licence: Apache-2.0, below. Changed: metadata that describes its input was added to the file.

${"-".repeat(78)}

${licence}`;
}

/** A model of TensorFlow Lite (`schema.fbs`) with metadata saying that it takes RGB between 0 and 1. */
export function described(model: Uint8Array): Uint8Array {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const at = (place: number) => view.getUint32(place, true);
  const root = at(0);
  const table = root - view.getInt32(root, true);
  /** Where a field of the root stands; 0 when it is absent. */
  const field = (number: number): number => {
    const entry = 4 + 2 * number;
    const offset = entry < view.getUint16(table, true) ? view.getUint16(table + entry, true) : 0;
    return offset === 0 ? 0 : root + offset;
  };
  const target = (number: number): number => {
    const place = field(number);
    return place === 0 ? 0 : place + at(place);
  };
  if (target(ROOT.metadata) !== 0) throw new Error("the model has metadata already");

  // Offsets lead forwards alone, so the new root stands before the old file, which is kept whole.
  const builder = new Builder(model.length + 4_096);
  const whole = bytes(builder, model) - 4;
  const kept = (place: number): Offset => whole - place;

  const buffers = target(ROOT.buffers);
  const count = at(buffers);
  const old = Array.from({ length: count }, (_, number) => {
    const entry = buffers + 4 + 4 * number;
    return kept(entry + at(entry));
  });
  const data = bytes(builder, metadata());
  const buffer = record(builder, 1, [[0, data]]);
  const all = list(builder, [...old, buffer]);
  const name = builder.createString("TFLITE_METADATA");
  builder.startObject(2);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt32(1, count, 0);
  const entries = list(builder, [builder.endObject()]);

  builder.startObject(8);
  builder.addFieldInt32(ROOT.version, at(field(ROOT.version)), 0);
  for (const number of [ROOT.operatorCodes, ROOT.subgraphs, ROOT.description]) {
    if (target(number) !== 0) builder.addFieldOffset(number, kept(target(number)), 0);
  }
  builder.addFieldOffset(ROOT.buffers, all, 0);
  builder.addFieldOffset(ROOT.metadata, entries, 0);
  builder.finish(builder.endObject(), "TFL3");
  return builder.asUint8Array();
}

/** Fields of `Model` in `schema.fbs`. */
const ROOT = { version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6 };
/** Members of unions in `metadata_schema.fbs`. */
const NORMALIZATION = 1;
const IMAGE = 2;
const RGB = 1;

function metadata(): Uint8Array {
  const builder = new Builder(512);
  const number = (value: number): Offset => {
    builder.startVector(4, 1, 4);
    builder.addFloat32(value);
    return builder.endVector();
  };
  const union = (fields: number, type: number, value: Offset): Offset => {
    builder.startObject(fields);
    builder.addFieldInt8(0, type, 0);
    builder.addFieldOffset(1, value, 0);
    return builder.endObject();
  };
  const [mean, deviation] = [number(0), number(1)];
  const normalization = record(builder, 2, [
    [0, mean],
    [1, deviation],
  ]);
  const units = list(builder, [union(2, NORMALIZATION, normalization)]);
  builder.startObject(2);
  builder.addFieldInt8(0, RGB, 0);
  const content = union(3, IMAGE, builder.endObject());
  const [image, person] = [builder.createString("image"), builder.createString("person")];
  const input = record(builder, 7, [
    [0, image],
    [3, content],
    [4, units],
  ]);
  const output = record(builder, 7, [[0, person]]);
  const [inputs, outputs] = [list(builder, [input]), list(builder, [output])];
  const graph = record(builder, 10, [
    [2, inputs],
    [3, outputs],
  ]);
  const graphs = list(builder, [graph]);
  builder.finish(record(builder, 8, [[3, graphs]]), "M001");
  return builder.asUint8Array();
}

function record(builder: Builder, fields: number, values: readonly [field: number, value: Offset][]): Offset {
  builder.startObject(fields);
  for (const [field, value] of values) builder.addFieldOffset(field, value, 0);
  return builder.endObject();
}

function list(builder: Builder, entries: readonly Offset[]): Offset {
  builder.startVector(4, entries.length, 4);
  for (const entry of entries.toReversed()) builder.addOffset(entry);
  return builder.endVector();
}

/** A vector of bytes whose first stands at a multiple of 16, as weights do. */
function bytes(builder: Builder, content: Uint8Array): Offset {
  builder.startVector(1, content.length, 16);
  for (const byte of content.toReversed()) builder.addInt8((byte << 24) >> 24);
  return builder.endVector();
}

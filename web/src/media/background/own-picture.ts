/** The person's own picture: kept in this browser alone, never sent but as what stands behind them. */
import { within } from "./numbers";

/** A file may have this many bytes before it is even opened. */
const FILE_BYTES = 25 * 1024 * 1024;
/** What is kept of it, in pixels: a camera's picture is no larger. */
const KEPT = { width: 1920, height: 1080 };
const QUALITY = 0.86;

const DATABASE = "meridian";
const STORE = "background";
const KEY = "own";

export type OwnPictureProblem =
  | "too_large"
  /** Not a picture that the browser can read. */
  | "unreadable"
  /** The browser keeps nothing for this page. */
  | "unkept";

/** Keeps a picture in place of the one before; says what is wrong with it, or null. */
export async function keepOwnPicture(file: Blob): Promise<OwnPictureProblem | null> {
  if (file.size > FILE_BYTES) return "too_large";
  let kept: Blob;
  try {
    const picture = await createImageBitmap(file);
    const { width, height } = within(picture, KEPT);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    picture.close();
    kept = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  } catch {
    return "unreadable";
  }
  try {
    await inStore("readwrite", (store) => store.put(kept, KEY));
    return null;
  } catch {
    return "unkept";
  }
}

/** What was kept, or null. */
export async function ownPicture(): Promise<Blob | null> {
  try {
    const kept: unknown = await inStore("readonly", (store) => store.get(KEY));
    return kept instanceof Blob ? kept : null;
  } catch {
    return null;
  }
}

function inStore(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error);
      };
    };
  });
}

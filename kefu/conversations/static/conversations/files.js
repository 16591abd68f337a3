// The files of a message in a thread: pictures small, the rest as names to download. Nothing is shown before it is checked.

import { made, part } from "./parts.js";
import { show } from "./shown.js";

// In pixels; plain_files.py has the same two.
const LONGEST_SIDE = 280;
const STEEPEST = 2;

/** A row of tiles, or null if there are none. */
export function tiles(files) {
  if (!files?.length) return null;
  const row = made("files");
  row.append(...files.map(tile));
  return row;
}

/** "412 KB" or "1.4 MB", alike in all our languages. */
export function sizeWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Why a file was not taken. */
export function problemWords(problem) {
  return part(`file-problem-${problem}`) ?? part("file-problem-failed");
}

function tile(file) {
  if (file.state !== "ready") return unready(file);
  const address = `/files/${file.key}/content`;
  const link = made(LINKS[file.kind] ?? "file", { name: file.name, note: sizeWords(file.size) });
  link.href = address;
  if (file.kind === "picture") showSmall(link, file);
  else link.download = "";
  return link;
}

const LINKS = { picture: "file-picture", video: "file-video" };

function showSmall(link, { key, name, width, height }) {
  const picture = link.querySelector("img");
  // With its size known the thread does not jump when it comes.
  if (width && height) Object.assign(picture, shown(width, height));
  picture.alt = name;
  show(picture, `/files/${key}/small`);
}

/** As large as it is shown. Of a very long or very wide picture the small one is the beginning. */
function shown(width, height) {
  const [across, down] = [Math.min(width, STEEPEST * height), Math.min(height, STEEPEST * width)];
  const scale = Math.min(1, LONGEST_SIDE / across, LONGEST_SIDE / down);
  return { width: Math.round(across * scale), height: Math.round(down * scale) };
}

function unready({ name, size, state, problem }) {
  const note = state === "refused" ? problemWords(problem) : (part("file-checking") ?? "");
  const waiting = made(state === "refused" ? "file-refused" : "file-unready", { name, note });
  waiting.title = sizeWords(size);
  return waiting;
}

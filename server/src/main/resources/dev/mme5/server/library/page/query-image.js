// An image that a person chose, dropped or pasted, as a data URI that the server reads.

const READ_BY_SERVER = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];
const MAX_BYTES = 6_000_000;
const MAX_SIDE = 2240; // the model sees no more than half of it

/** The first image among files; undefined if there is none. */
export function firstImage(transfer) {
  return [...transfer?.files ?? []].find(file => file.type.startsWith("image/"));
}

function dataUri(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** Formats that only the browser reads, and very large images, are drawn again. */
async function redrawn(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name || "This file"} is not an image that this browser can read.`);
  }
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise(resolve => canvas.toBlob(resolve, "image/jpeg", 0.95));
}

/** `{name, data, preview}`: the image for the server, and an address to show it by. */
export async function readImage(file) {
  const isReadable = READ_BY_SERVER.includes(file.type) && file.size <= MAX_BYTES;
  const blob = isReadable ? file : await redrawn(file);
  return { name: file.name || "pasted image", data: await dataUri(blob), preview: URL.createObjectURL(blob) };
}

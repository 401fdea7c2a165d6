// Asks the server. Nothing here knows the page.

const KEY = "mme5-key";
const MAX_RETRIES = 4;

/** An answer that is no success. `status` is 0 if there was none. */
export class ServerError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: value => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

function withKey(headers) {
  return key.get() ? { ...headers, Authorization: `Bearer ${key.get()}` } : headers;
}

async function problem(response) {
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // Not from this server, but from a proxy before it.
  }
  return new ServerError(response.status, error.code, error.message ?? `the server answered with status ${response.status}`);
}

export async function send(path, { method = "GET", body, signal } = {}) {
  const headers = withKey(body === undefined ? {} : { "Content-Type": "application/json" });
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError(0, "unreachable", "The server does not answer.");
  }
  if (!response.ok) {
    const error = await problem(response);
    error.retryAfter = Number(response.headers.get("Retry-After"));
    throw error;
  }
  return response;
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

/** The JSON of an answer. A busy server is asked again when it says. */
export async function ask(path, options = {}) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await send(path, options)).json();
    } catch (error) {
      const isBusy = error.status === 429 || error.status === 503 && error.code !== "loading";
      if (!isBusy || attempt === MAX_RETRIES) throw error;
      await pause(Math.min(error.retryAfter || 1, 10), options.signal);
    }
  }
}

/** An address for an `img` or a link. An element cannot send a key, so then the file is fetched; `release` frees it. */
export async function address(path) {
  if (!key.get()) return { url: path, release() {} };
  const url = URL.createObjectURL(await (await send(path)).blob());
  return { url, release: () => URL.revokeObjectURL(url) };
}

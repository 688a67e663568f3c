import type { HostMessage, PageMessage } from "../../shared/protocol";

interface VsCodeApi {
  postMessage(message: PageMessage): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** Sends a message to the extension. */
export function send(message: PageMessage): void {
  api.postMessage(message);
}

/** Listens to the extension, then tells it that the page is ready. */
export function listen(receive: (message: HostMessage) => void): void {
  window.addEventListener("message", (event: MessageEvent<HostMessage>) => receive(event.data));
  send({ type: "ready" });
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type ConsoleMessage, type Frame, type Locator, type Page } from "playwright-core";
import { CodeServer } from "./codeServer";
import { chromiumPath } from "./requirements";

const pictures = fileURLToPath(new URL("../screenshots", import.meta.url));
const browserArguments =
  ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The real editor in a browser, with the extension's package installed, on a workspace of its own. */
export class Editor {
  /** What the pages of the extension were refused to load or run. */
  readonly policyErrors: string[] = [];

  private constructor(readonly server: CodeServer, readonly page: Page, readonly address: string, private readonly folder: string,
    private readonly browser: Browser) {
    page.on("console", (message) => this.look(message));
  }

  static async start(vsix: string, fill: (workspace: string) => void): Promise<Editor> {
    const folder = mkdtempSync(join(tmpdir(), "ethosu-e2e-"));
    const server = new CodeServer(folder);
    server.install(vsix);
    const workspace = join(folder, "work");
    mkdirSync(workspace);
    fill(workspace);
    const address = await server.start(workspace);
    const browser = await chromium.launch({ executablePath: chromiumPath as string, args: browserArguments });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(30_000);
    rmSync(pictures, { recursive: true, force: true });
    mkdirSync(pictures, { recursive: true });
    return new Editor(server, page, address, folder, browser);
  }

  /** Loads the editor in the browser, again if it was loaded before. `files` are opened at once. */
  async load(...files: string[]): Promise<void> {
    const open = files.map((name) => ["openFile", `vscode-remote://${new URL(this.address).host}${this.path(name)}`]);
    await this.page.goto(files.length === 0 ? this.address : `${this.address}&payload=${encodeURIComponent(JSON.stringify(open))}`);
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 120_000 });
  }

  /** Waits until the extension runs. */
  async active(): Promise<void> {
    await this.target(/ethos-u/).waitFor({ timeout: 120_000 });
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(name: string): string {
    return join(this.folder, "work", name);
  }

  /** The target in the status bar. */
  target(name: string | RegExp): Locator {
    return this.page.locator(".statusbar-item").filter({ hasText: name });
  }

  /** A file in the explorer. */
  file(name: string): Locator {
    return this.page.locator(".explorer-folders-view .monaco-list-row").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: name });
  }

  /** Right-clicks a file of the explorer and chooses from its menu. */
  async choose(name: string, ...items: string[]): Promise<void> {
    await this.file(name).click({ button: "right" });
    const entry = (text: string): Locator => this.page.getByRole("menuitem", { name: text, exact: true });
    for (const item of items.slice(0, -1)) await entry(item).click();
    const last = entry(items.at(-1) as string);
    await last.waitFor();
    await this.picture(`menu-${items.length}`);
    // A menu takes no click in the first moments after it opened.
    for (let i = 0; i < 20 && (await last.isVisible()); i++) await last.click({ delay: 50, timeout: 2_000 }).catch(() => undefined);
    await last.waitFor({ state: "hidden" });
  }

  async open(name: string): Promise<void> {
    await this.file(name).dblclick();
    await this.tab(name).waitFor();
  }

  /** Runs a command of the palette by its whole title. */
  async command(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    // A key that comes while the editor moves the focus is lost.
    for (let attempt = 0; attempt < 10 && !(await input.isVisible()); attempt++) {
      await this.page.keyboard.press("F1");
      await input.waitFor({ timeout: 3_000 }).catch(() => undefined);
    }
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().waitFor({ state: "hidden" });
  }

  /** Chooses an entry of the list that is open at the top. */
  async pick(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first().click();
  }

  /** The content of the page that is shown: a graph or a report. */
  async content(kind: "graph" | "report", state: "ready" | "error" = "ready", timeout = 60_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    let seen = "no page";
    for (;;) {
      for (const frame of this.page.frames()) {
        if (frame.parentFrame() === null) continue;
        try {
          const found = await frame.evaluate(() => ({ kind: document.body.dataset["page"], state: document.body.dataset["state"] }));
          if (found.kind !== kind || !(await visibleInParents(frame))) continue;
          seen = found.state ?? "starting";
          if (found.state === state) return frame;
        } catch {
          // The frame is being replaced.
        }
      }
      if (Date.now() > deadline) throw new Error(`the ${kind} page did not become ${state}: ${seen}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Makes sure that a file that is converted or compiled from the sample network is there. */
  async made(name: "simple_network.tflite" | "simple_network_npu.tflite"): Promise<void> {
    if (await this.file(name).isVisible()) return;
    await this.choose("simple_network.onnx", name.includes("npu") ? "Compile for Ethos-U" : "Convert to int8 TFLite");
    await this.file(name).waitFor({ timeout: 60_000 });
    await this.notification(name).waitFor();
    await this.clear();
  }

  async goToLine(line: number): Promise<void> {
    await this.page.locator(".monaco-editor .view-lines").first().click();
    await this.page.keyboard.press("Control+g");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.fill(`:${line}`);
    await input.press("Enter");
    await this.page.locator(".statusbar-item").filter({ hasText: new RegExp(`Ln ${line}\\b`) }).waitFor();
  }

  /** The text of the line that the cursor is on in the focused text editor. */
  currentLine(): Promise<string> {
    return this.page.locator(".editor-group-container.active .monaco-editor").first().evaluate((editor) => {
      const number = editor.querySelector(".line-numbers.active-line-number");
      if (number === null) return "";
      const middle = number.getBoundingClientRect().top + 4;
      const line = [...editor.querySelectorAll(".view-line")].map((element) => ({ element, box: element.getBoundingClientRect() }))
        .find(({ box }) => box.top <= middle && middle < box.bottom);
      return (line?.element.textContent ?? "").replaceAll("\u00a0", " ");
    });
  }

  /** The numbers of the lines in view that are underlined with a warning. */
  underlinedLines(): Promise<number[]> {
    return this.page.locator(".editor-group-container.active .monaco-editor").first().evaluate((editor) => {
      const numbers = [...editor.querySelectorAll(".line-numbers")]
        .map((element) => ({ line: Number(element.textContent), top: element.getBoundingClientRect().top }));
      return [...editor.querySelectorAll(".squiggly-warning")].map((squiggle) => squiggle.getBoundingClientRect())
        .map((box) => numbers.find(({ top }) => top <= box.top + 4 && box.top + 4 < top + 18)?.line ?? -1);
    });
  }

  /** Rests the pointer on a text in the editor. */
  async hover(text: string): Promise<void> {
    await this.page.locator(".view-line").filter({ hasText: text.replaceAll(" ", "\u00a0") }).first().hover({ position: { x: 120, y: 8 } });
  }

  /** What the extension and its server have said to each other so far: the trace that the extension writes. */
  trace(): string {
    const logs = join(this.folder, "data", "logs");
    const file = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("Ethos-U Bridge Trace.log")).sort()
      .at(-1);
    return file === undefined ? "" : readFileSync(join(logs, file), "utf8");
  }

  /** The process of the language server. */
  serverProcess(): string {
    return spawnSync("pgrep", ["-f", join(this.folder, "extensions")], { encoding: "utf8" }).stdout.trim();
  }

  /** Waits until a frame shows a text. */
  async frameWith(pattern: string): Promise<void> {
    const deadline = Date.now() + 30_000;
    const shows = (frame: Frame): Promise<boolean> => frame
      .evaluate((source) => new RegExp(source, "i").test(document.body.innerText), pattern).catch(() => false);
    while (!(await Promise.all(this.page.frames().filter((frame) => frame.parentFrame() !== null).map(shows))).includes(true)) {
      if (Date.now() > deadline) throw new Error(`no frame shows ${pattern}`);
      await this.page.waitForTimeout(100);
    }
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  /** Closes all tabs and notifications; jobs that still run are cancelled. */
  async clear(): Promise<void> {
    await this.page.keyboard.press("Escape");
    const cancel = this.page.locator(".notifications-toasts").getByRole("button", { name: "Cancel" });
    while (await cancel.first().isVisible()) await cancel.first().click({ timeout: 2_000 }).catch(() => undefined);
    await this.command("View: Close All Editors");
    await this.closePanel();
    await this.command("Notifications: Clear All Notifications");
  }

  /** Opens the Problems panel; the rows in it. */
  async problems(filter = ""): Promise<Locator> {
    if (!(await this.page.locator(".markers-panel").isVisible())) await this.command("Problems: Focus on Problems View");
    await this.page.locator(".markers-panel").waitFor();
    await this.page.locator(".pane-header, .panel").locator(".viewpane-filter input, .markers-panel-action-filter input").first()
      .fill(filter);
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  async closePanel(): Promise<void> {
    // The filter stays when the panel is hidden.
    if (await this.page.locator(".markers-panel").isVisible()) await this.problems();
    if (await this.page.locator(".markers-panel").isVisible()) await this.command("View: Hide Panel");
  }

  /** Sets the colour theme by its name in the settings' list. */
  async theme(name: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input").first().fill(name);
    await this.pick(name);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  private look(message: ConsoleMessage): void {
    const text = message.text();
    if (process.env["ETHOSU_E2E_LOG"] !== undefined) console.log(`[${message.type()}] ${text} (${message.location().url})`);
    if (/content security policy/i.test(text)) this.policyErrors.push(`${text} (${message.location().url})`);
  }
}

async function visibleInParents(frame: Frame): Promise<boolean> {
  for (let current: Frame | null = frame; current !== null && current.parentFrame() !== null; current = current.parentFrame()) {
    const element = await current.frameElement();
    if (!(await element.isVisible())) return false;
  }
  return true;
}

/** True once a file is there. */
export function present(path: string): () => boolean {
  return () => existsSync(path);
}

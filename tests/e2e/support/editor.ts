import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Frame, type Locator, type Page } from "playwright-core";

const root = new URL("../../../", import.meta.url).pathname;
export const pictures = join(root, "tests", "e2e", "out");
const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

/** Why the tests in the editor cannot run here; undefined if they can. */
export function missing(): string | undefined {
  if (chromiumPath === undefined) return "chromium is not installed (apt-get install chromium)";
  if (spawnSync("rg", ["--version"]).status !== 0) return "ripgrep is not installed (apt-get install ripgrep)";
  return undefined;
}

/** The real editor in a browser, with the extension's package installed, on a workspace of its own. */
export class Editor {
  readonly cspErrors: string[] = [];

  private constructor(readonly page: Page, readonly workspace: string, private readonly folder: string, private readonly server: ChildProcess, private readonly browser: Browser) {}

  static async start(vsix: string, files: Record<string, string | Uint8Array | { from: string }>, settings: object = {}): Promise<Editor> {
    const { installCodeServer } = await import("../install-code-server.mjs");
    const entry = installCodeServer() as string;
    const folder = mkdtempSync(join(tmpdir(), "ethosu-e2e-"));
    const workspace = join(folder, "work");
    mkdirSync(workspace);
    for (const [name, content] of Object.entries(files)) {
      if (typeof content === "object" && "from" in content) cpSync(content.from, join(workspace, name));
      else writeFileSync(join(workspace, name), content);
    }
    mkdirSync(join(folder, "data", "User"), { recursive: true });
    writeFileSync(join(folder, "data", "User", "settings.json"), JSON.stringify({
      "workbench.startupEditor": "none", "workbench.colorTheme": "Default Dark Modern", "workbench.enableExperiments": false, "workbench.tips.enabled": false,
      "window.autoDetectColorScheme": false, "files.simpleDialog.enable": true, "extensions.ignoreRecommendations": true, "git.enabled": false,
      "workbench.editor.enablePreview": false, "telemetry.telemetryLevel": "off", "chat.commandCenter.enabled": false, ...settings,
    }));
    const places = ["--user-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions"), "--config", join(folder, "config.yaml")];
    const env = { ...process.env, VSCODE_IPC_HOOK_CLI: "", CODE_SERVER_SESSION_SOCKET: join(folder, "session.sock") };
    const installed = spawnSync(process.execPath, [entry, ...places, "--install-extension", vsix], { env, encoding: "utf8" });
    if (installed.status !== 0 || !installed.stdout.includes("successfully installed")) throw new Error(`the package could not be installed:\n${installed.stdout}${installed.stderr}`);
    const port = await freePort();
    const server = spawn(process.execPath, [entry, ...places, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check",
      "--disable-workspace-trust", "--disable-getting-started-override", workspace], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    await listening(server);
    const browser = await chromium.launch({ executablePath: chromiumPath as string,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    const editor = new Editor(page, workspace, folder, server, browser);
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text()) && /extensions|vscode-resource|layoutWorker/.test(message.text() + message.location().url)) editor.cspErrors.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 120_000 });
    return editor;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    const ended = new Promise((done) => this.server.once("exit", done));
    if (this.server.pid !== undefined && this.server.exitCode === null) {
      process.kill(-this.server.pid, "SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(name: string): string {
    return join(this.workspace, name);
  }

  file(name: string): Locator {
    return this.page.locator(".explorer-folders-view .monaco-list-row").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Right-clicks a file of the explorer and chooses from its menu. */
  async choose(name: string, ...items: string[]): Promise<void> {
    await this.file(name).click({ button: "right" });
    for (const item of items) await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  async open(name: string): Promise<void> {
    await this.file(name).dblclick();
  }

  /** Runs a command of the palette by its whole title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
  }

  async pick(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first().click();
  }

  /** The content of the page that is shown: a graph or a report. */
  async content(kind: "graph" | "report", state: "ready" | "error" = "ready", timeout = 90_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    let seen = "no page";
    for (;;) {
      for (const frame of this.page.frames()) {
        if (frame.parentFrame() === null) continue;
        try {
          const found = await frame.evaluate(() => ({ kind: document.body.dataset["page"], state: document.body.dataset["state"], shown: document.visibilityState === "visible" && window.innerWidth > 0 }));
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

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-list-item").filter({ hasText: text });
  }

  async dismissNotifications(): Promise<void> {
    await this.command("Notifications: Clear All Notifications");
  }

  async closeAll(): Promise<void> {
    await this.command("View: Close All Editors");
  }

  /** Opens the Problems panel; the rows in it. */
  async problems(): Promise<Locator> {
    if (!(await this.page.locator(".markers-panel").isVisible())) await this.command("Problems: Focus on Problems View");
    await this.page.locator(".markers-panel").waitFor();
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }
}

async function visibleInParents(frame: Frame): Promise<boolean> {
  for (let current: Frame | null = frame; current !== null && current.parentFrame() !== null; current = current.parentFrame()) {
    const element = await current.frameElement();
    if (!(await element.isVisible())) return false;
  }
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

async function listening(server: ChildProcess): Promise<void> {
  let text = "";
  await new Promise<void>((done, fail) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes("HTTP server listening")) done();
    };
    server.stdout?.on("data", look);
    server.stderr?.on("data", look);
    server.once("exit", (code) => fail(new Error(`code-server ended with ${code}:\n${text}`)));
  });
}

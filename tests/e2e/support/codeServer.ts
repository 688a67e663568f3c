import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { installCodeServer } from "../install-code-server.mjs";

const settings = {
  "workbench.startupEditor": "none", "workbench.colorTheme": "Default Dark Modern", "workbench.enableExperiments": false,
    "workbench.tips.enabled": false,
  "window.autoDetectColorScheme": false, "files.simpleDialog.enable": true, "extensions.ignoreRecommendations": true, "git.enabled": false,
  "workbench.editor.enablePreview": false, "telemetry.telemetryLevel": "off", "chat.commandCenter.enabled": false,
    "editor.minimap.enabled": false, "ethosu.trace.server": "messages",
};

/** code-server with data of its own in a folder, and an extension's package installed in it. */
export class CodeServer {
  private readonly entry = installCodeServer();
  private readonly places: string[];
  private readonly env: NodeJS.ProcessEnv;
  private process: ChildProcess | undefined;

  constructor(folder: string) {
    this.places = ["--user-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions"), "--config",
      join(folder, "config.yaml")];
    this.env = { ...process.env, VSCODE_IPC_HOOK_CLI: "", CODE_SERVER_SESSION_SOCKET: join(folder, "session.sock") };
    mkdirSync(join(folder, "data", "User"), { recursive: true });
    writeFileSync(join(folder, "data", "User", "settings.json"), JSON.stringify(settings));
  }

  /** Installs an extension's package. */
  install(vsix: string): void {
    this.run("--install-extension", vsix);
  }

  /** The installed extensions with their versions. */
  extensions(): string[] {
    return this.run("--list-extensions", "--show-versions").split("\n").filter((line) => line.includes("@"));
  }

  /** Serves a workspace; returns the address. */
  async start(workspace: string): Promise<string> {
    const port = await freePort();
    const server = spawn(process.execPath,
      [this.entry, ...this.places, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check",
      "--disable-workspace-trust", "--disable-getting-started-override", workspace],
        { env: this.env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.process = server;
    await listening(server);
    return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`;
  }

  async stop(): Promise<void> {
    const server = this.process;
    if (server?.pid === undefined || server.exitCode !== null) return;
    const ended = new Promise((done) => server.once("exit", done));
    process.kill(-server.pid, "SIGTERM");
    await ended;
  }

  private run(...args: string[]): string {
    const result = spawnSync(process.execPath, [this.entry, ...this.places, ...args], { env: this.env, encoding: "utf8" });
    if (result.status !== 0) throw new Error(`code-server ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }
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

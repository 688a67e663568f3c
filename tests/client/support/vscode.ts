// As much of the editor's interface as the client's logic touches, for tests without an editor.
export class Uri {
  private constructor(readonly scheme: string, readonly path: string) {}

  static parse(text: string): Uri {
    const [, scheme, path] = /^([\w-]+):(?:\/\/)?(.*)$/.exec(text) ?? [];
    return new Uri(scheme ?? "", decodeURIComponent(path ?? ""));
  }

  with(change: { scheme?: string; path?: string }): Uri {
    return new Uri(change.scheme ?? this.scheme, change.path ?? this.path);
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class TabInputCustom {
  constructor(readonly uri: Uri, readonly viewType: string) {}
}

/** What happened, and what the user is to choose. */
export const record = {
  commands: new Map<string, (...args: unknown[]) => unknown>(),
  executed: [] as unknown[][],
  errors: [] as string[],
  messages: [] as string[],
  picks: [] as { id?: string; label?: string }[],
  settings: [] as unknown[][],
  files: new Map<string, string>(),
  choose: undefined as string | undefined,
  marked: undefined as string | undefined,
  answer: undefined as string | undefined,
  inputs: [] as string[],
  reset(): void {
    this.commands.clear();
    this.files.clear();
    this.executed = [];
    this.errors = [];
    this.messages = [];
    this.settings = [];
    this.choose = undefined;
    this.answer = undefined;
    this.inputs = [];
    statusItem.text = "";
    window.activeTextEditor = undefined;
    window.tabGroups.activeTabGroup.activeTab = undefined;
  },
};

export const statusItem = { text: "", tooltip: "", name: "", command: "", show: () => undefined, dispose: () => undefined };
const listen = (): { dispose: () => void } => ({ dispose: () => undefined });

export class Position {
  constructor(readonly line: number, readonly character: number) {}
}

export class Range {
  constructor(readonly start: Position, readonly end: Position) {}
}

export class WorkspaceEdit {
  readonly edits: [Uri, string][] = [];
  replace(uri: Uri, _range: Range, text: string): void {
    this.edits.push([uri, text]);
  }
}

export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };
export const ProgressLocation = { Notification: 15 };

export const commands = {
  registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
    record.commands.set(name, run);
    return { dispose: () => undefined };
  },
  executeCommand: (...args: unknown[]) => {
    record.executed.push(args);
    return Promise.resolve(undefined);
  },
};

export const window = {
  activeTextEditor: undefined as { document: { uri: Uri } } | undefined,
  tabGroups: { activeTabGroup: { activeTab: undefined as { input: unknown } | undefined }, onDidChangeTabs: listen },
  onDidChangeActiveTextEditor: listen,
  createStatusBarItem: () => statusItem,
  showErrorMessage: (message: string) => { record.errors.push(message); return Promise.resolve(undefined); },
  showInformationMessage: (message: string) => { record.messages.push(message); return Promise.resolve(undefined); },
  showWarningMessage: (message: string, options?: { modal?: boolean }) => { record.messages.push(message);
    return Promise.resolve(options?.modal === true ? record.answer : undefined); },
  showInputBox: () => Promise.resolve(record.inputs.shift()),
  showTextDocument: () => Promise.resolve(undefined),
  showQuickPick: (items: { id?: string; label?: string }[]) => { record.picks = items;
    return Promise.resolve(record.choose === undefined ? undefined
      : items.find((item) => item.id === record.choose || item.label === record.choose)); },
  /** The user presses Enter on what the picker marked, or on what is to be chosen. */
  createQuickPick: () => {
    let accept = (): void => undefined;
    let hide = (): void => undefined;
    const pick = { items: [] as { id?: string }[], activeItems: [] as { id?: string }[],
      onDidAccept: (listener: () => void) => { accept = listener; }, onDidHide: (listener: () => void) => { hide = listener; },
      hide: () => hide(), dispose: () => undefined,
      show: () => {
        record.picks = pick.items;
        record.marked = pick.activeItems[0]?.id;
        if (record.choose === undefined) return hide();
        if (record.choose !== "Enter") pick.activeItems = pick.items.filter((item) => item.id === record.choose);
        accept();
      } };
    return pick;
  },
  withProgress: (_options: unknown, run: (progress: unknown, cancellation: unknown) => unknown) =>
    run({ report: () => undefined }, { isCancellationRequested: false }),
};

export const workspace = {
  workspaceFolders: [{ uri: { fsPath: "/w" } }] as unknown[] | undefined,
  onDidChangeConfiguration: listen,
  onDidSaveTextDocument: listen,
  findFiles: () => Promise
    .resolve([...record.files.keys()].filter((path) => /\.(onnx|tflite)$/.test(path)).map((path) => Uri.parse(`file://${path}`))),
  asRelativePath: (uri: Uri) => uri.path.slice(1),
  getWorkspaceFolder: (uri: Uri) => (uri.path.startsWith("/w/") ? { uri: Uri.parse("file:///w") } : undefined),
  fs: {
    stat: (uri: Uri) => (record.files.has(uri.path) ? Promise.resolve({}) : Promise.reject(new Error("absent"))),
    writeFile: (uri: Uri, content: Uint8Array) => { record.files.set(uri.path, new TextDecoder().decode(content)); return Promise.resolve();
      },
  },
  getConfiguration: () => ({ update: (...args: unknown[]) => { record.settings.push(args); return Promise.resolve(); } }),
  openTextDocument: (uri: Uri) => Promise.resolve({
    uri, isDirty: false, getText: () => record.files.get(uri.path) ?? "", positionAt: (offset: number) => new Position(0, offset),
    save: () => Promise.resolve(true),
  }),
  applyEdit: (edit: WorkspaceEdit) => {
    for (const [uri, text] of edit.edits) record.files.set(uri.path, text);
    return Promise.resolve(true);
  },
};

// A stand-in for the module `vscode`: what the language client touches when it starts, opens and closes documents.
import { fileURLToPath } from "node:url";

class Disposable {
  dispose() {}
}

class EventEmitter {
  #listeners = [];
  event = (listener) => {
    this.#listeners.push(listener);
    return new Disposable();
  };
  fire(value) {
    for (const listener of this.#listeners) listener(value);
  }
  dispose() {}
}

class Uri {
  constructor(text) {
    this.text = text;
    this.scheme = text.split(":")[0];
    this.fsPath = this.scheme === "file" ? fileURLToPath(text) : text;
    this.path = this.fsPath;
  }
  static parse = (text) => new Uri(text);
  static file = (path) => new Uri(`file://${path}`);
  toString = () => this.text;
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(line, character, last, end) {
    this.start = new Position(line, character);
    this.end = new Position(last, end);
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
  cancel() {}
  dispose() {}
}

class CodeActionKind {
  static Empty = new CodeActionKind("");
  constructor(value) {
    this.value = value;
  }
  append = (part) => new CodeActionKind([this.value, part].filter(Boolean).join("."));
}
for (const [name, value] of [["QuickFix", "quickfix"], ["Refactor", "refactor"], ["RefactorExtract", "refactor.extract"],
  ["RefactorInline", "refactor.inline"], ["RefactorMove", "refactor.move"], ["RefactorRewrite", "refactor.rewrite"],
  ["Source", "source"], ["SourceOrganizeImports", "source.organizeImports"], ["SourceFixAll", "source.fixAll"]]) {
  CodeActionKind[name] = new CodeActionKind(value);
}

/** An interface of which nothing is needed but that it can be called, made and asked for anything. */
function anything() {
  const target = function () {};
  return new Proxy(target, {
    get: (_, name) => (name === "then" || typeof name === "symbol" ? undefined : anything()),
    apply: () => new Disposable(),
    construct: () => new Disposable(),
  });
}

/** An object that has all it is asked for: its own, and else whatever there is. */
function having(own) {
  return new Proxy(own, {
    get: (target, name) => (name in target || typeof name === "symbol" || name === "then" ? target[name] : anything()),
  });
}

export function editor(settings, documents) {
  const errors = [];
  const found = new Map();
  const waiting = new Map();
  const never = new EventEmitter();
  const open = documents.map(({ uri, languageId, text }) => ({
    uri: new Uri(uri), languageId, version: 1, getText: () => text, isClosed: false, fileName: fileURLToPath(uri),
  }));
  const collection = {
    set: (uri, diagnostics) => {
      found.set(String(uri), diagnostics);
      if (diagnostics?.length) waiting.get(String(uri))?.(diagnostics);
    },
    delete() {}, clear() {}, dispose() {}, forEach() {}, get: (uri) => found.get(String(uri)), has: () => false,
  };
  const section = { get: (name, other) => settings[name] ?? other, has: () => false, inspect: () => undefined };
  const vscode = having({
    Disposable, EventEmitter, Uri, Position, Range, Diagnostic, CancellationTokenSource, CodeActionKind,
    CodeLens: class {}, DocumentLink: class {}, CompletionItem: class {}, CallHierarchyItem: class {},
    TypeHierarchyItem: class {}, SymbolInformation: class {}, InlayHint: class {}, CodeAction: class {},
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    CancellationError: class extends Error {},
    version: "1.91.0",
    env: having({ appName: "editor", language: "en" }),
    commands: { registerCommand: () => new Disposable(), executeCommand: async () => undefined },
    languages: having({
      createDiagnosticCollection: () => collection,
      match: (selector, document) => [selector].flat().some((one) => one.language === document.languageId) ? 1 : 0,
    }),
    window: having({
      createOutputChannel: () => having({ append() {}, appendLine() {}, show() {}, dispose() {}, info() {}, error() {} }),
      showErrorMessage: async (message) => void errors.push(message),
      showInformationMessage: async () => undefined,
      onDidChangeActiveTextEditor: never.event, onDidChangeVisibleTextEditors: never.event,
      visibleTextEditors: [], activeTextEditor: undefined,
      tabGroups: having({ all: [], onDidChangeTabs: never.event, onDidChangeTabGroups: never.event }),
    }),
    workspace: having({
      textDocuments: open, notebookDocuments: [], workspaceFolders: undefined,
      getConfiguration: () => section,
      createFileSystemWatcher: () => ({
        onDidCreate: never.event, onDidChange: never.event, onDidDelete: never.event, dispose() {},
      }),
      getWorkspaceFolder: () => undefined,
    }),
  });
  const shown = (uri) =>
    found.get(uri)?.length ? found.get(uri) : new Promise((resolve) => waiting.set(uri, resolve));
  return { vscode, shown, errors };
}

// Starts `fixer lsp` and hands it the documents that are transcripts; all else is the server's.
import { commands, window, workspace, type ExtensionContext } from "vscode";
import { LanguageClient, TransportKind, type ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("fixer.restart", restart),
    commands.registerCommand("fixer.correctSafe", correctSafe),
    workspace.onDidChangeConfiguration((change) => (change.affectsConfiguration("fixer") ? restart() : undefined)),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function start(): Promise<void> {
  const settings = workspace.getConfiguration("fixer");
  const command = settings.get<string>("path", "fixer");
  const server: ServerOptions = {
    command,
    args: ["lsp", ...settings.get<string[]>("args", [])],
    transport: TransportKind.stdio,
  };
  const around = workspace.createFileSystemWatcher("**/{fixer.toml,pyproject.toml,*.yaml,*.yml,.fixer/ledger.jsonl}");
  client = new LanguageClient("fixer", "fixer", server, {
    documentSelector: settings.get<string[]>("languages", []).map((language) => ({ scheme: "file", language })),
    synchronize: { fileEvents: around },
  });
  try {
    await client.start();
  } catch {
    client = undefined;
    const how = "pip install 'fixer[lsp]', or name the program in the setting fixer.path";
    void window.showErrorMessage(`fixer did not start (${command} lsp): ${how}.`);
  }
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function correctSafe(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (client === undefined || document === undefined) {
    return;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const count = await client.sendRequest<number>("workspace/executeCommand", {
    command: "fixer.fixDocument",
    arguments: [uri],
  });
  void window.showInformationMessage(count ? `fixer: ${count} corrected` : "fixer: nothing is safe to correct here");
}

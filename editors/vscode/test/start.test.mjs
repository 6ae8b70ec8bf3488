// The packaged extension's code, loaded as an editor loads it, starts a real `fixer lsp` and shows what that finds.
// The editor is a stand-in with as much of its interface as the start takes; the client and the protocol are the real ones.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { editor } from "./editor.mjs";

const require = createRequire(import.meta.url);
const program = process.env.FIXER ?? "fixer";

function loaded(stand_in) {
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? stand_in : load(name, ...rest));
  try {
    const path = require.resolve("../dist/extension.js");
    delete require.cache[path];
    return require(path);
  } finally {
    Module._load = load;
  }
}

test("it starts the server and shows a misheard name", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "fixer-"));
  writeFileSync(join(folder, "fixer.toml"), "glossary = ['names.yaml']\ndefault-glossary = false\n");
  writeFileSync(join(folder, "names.yaml"), "version: 1\nterms: [{term: HumanEval, aliases: [Humanivow]}]\n");
  const uri = pathToFileURL(join(folder, "a.txt")).href;
  const { vscode, shown, errors } = editor({ path: program, args: [], languages: ["plaintext"] }, [
    { uri, languageId: "plaintext", text: "😀推出Humanivow测试\n" },
  ]);
  const extension = loaded(vscode);

  await extension.activate({ subscriptions: [] });
  const [found] = await shown(uri);
  await extension.deactivate();

  assert.deepEqual(errors, []);
  assert.match(found.message, /^Humanivow → HumanEval/);
  assert.deepEqual([found.range.start.character, found.range.end.character], [4, 13]);
});

test("it says what to install where there is no such program", { timeout: 180_000 }, async () => {
  const { vscode, errors } = editor({ path: "no-such-fixer", args: [], languages: ["plaintext"] }, []);
  const extension = loaded(vscode);

  await extension.activate({ subscriptions: [] });
  await extension.deactivate();

  assert.match(errors.join(), /pip install 'fixer\[lsp\]'/);
});

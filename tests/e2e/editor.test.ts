// The extension in the real editor: code-server with the package installed as users get it, the real language server inside.
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { fileCases } from "./cases/files";
import { graphCases } from "./cases/graph";
import { installCases } from "./cases/install";
import { jobCases } from "./cases/jobs";
import { problemCases } from "./cases/problems";
import { reportCases } from "./cases/report";
import { policyCases, startCases } from "./cases/start";
import { themeCases } from "./cases/themes";
import { Editor } from "./support/editor";
import { extensionPackage } from "./support/package";
import { missingPackages } from "./support/requirements";
import { makeWorkspace } from "./support/workspace";

const missing = missingPackages();
if (missing.length > 0
  && process.env["ETHOSU_E2E"] === "required") throw new Error(`The tests in the editor need Debian's ${missing.join(", ")}.`);
if (missing.length > 0) console
  .warn(`The tests in the editor are skipped: install Debian's ${missing.join(", ")} (apt-get install ${missing.join(" ")})`);

describe.skipIf(missing.length > 0)("extension", () => {
  let current: Editor | undefined;
  const editor = (): Editor => {
    if (current === undefined) throw new Error("the editor did not start");
    return current;
  };

  beforeAll(async () => {
    current = await Editor.start(await extensionPackage(), makeWorkspace);
    await current.load();
    await current.active();
    await current.file("digits").click();
  });

  afterAll(async () => {
    await current?.stop();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await current?.picture(`failed-${task.name.slice(0, 60).replaceAll(/\W+/g, "-")}`);
    await current?.clear();
  });

  installCases(editor);
  jobCases(editor);
  fileCases(editor);
  problemCases(editor);
  graphCases(editor);
  reportCases(editor);
  themeCases(editor);
  startCases(editor);
  policyCases(editor);
});

import { describe, expect, it } from "vitest";
import { basename, exportPath, isModel, isSource, listingPath, modelPath } from "../../client/src/models";
import type { TargetsResult } from "../../client/shared/protocol";
import { targetItems, targetStatus, withTarget } from "../../client/src/targetChoice";

const targets = [{ id: "ethos-u55-128", title: "Ethos-U55-128", detail: "128 MACs" },
  { id: "ethos-u65-256", title: "Ethos-U65-256", detail: "256 MACs" }];
const bySettings: TargetsResult = { targets, current: "ethos-u55-128" };
const byFile: TargetsResult = { targets, current: "ethos-u65-256", decidedBy: "file:///my%20work/ethosu.json" };

describe("paths", () => {
  it.each([["/a/net.onnx", true, true], ["/a/net.pt2", true, true], ["/a/net.TFLITE", true, false],
    ["/a/net.onnx.bak", false, false], ["/a/net.py", false, false]])(
    "%s: a model %s, to convert %s", (path, model, source) => {
    expect(isModel(path)).toBe(model);
    expect(isSource(path)).toBe(source);
  });
  it("lead to a listing and back", () => expect(modelPath(listingPath("/a/net.listing.onnx"))).toBe("/a/net.listing.onnx"));
  it("have a last part", () => expect(basename("/a/b c/net.onnx")).toBe("net.onnx"));
  it.each([["/a/net.onnx", "/a/net.report.csv"], ["/a.b/net", "/a.b/net.report.csv"], ["/a/net.v2.tflite", "/a/net.v2.report.csv"]])(
    "%s is reported in %s", (model, file) => expect(exportPath(model, "csv")).toBe(file));
});

describe("the target in the status bar", () => {
  it("is the one of the settings", () => {
    const { text, tooltip } = targetStatus(bySettings);
    expect(text).toBe("$(circuit-board) ethos-u55-128");
    expect(tooltip).toContain("128 MACs");
    expect(tooltip).toContain("Click to choose another");
  });

  it("is told to be the project's where ethosu.json decides it", () => {
    const { text, tooltip } = targetStatus(byFile);
    expect(text).toContain("ethos-u65-256 $(json)");
    expect(tooltip).toContain("in ethosu.json");
  });

  it("is marked among those to choose from", () => {
    expect(targetItems(bySettings).map((item) => item.description)).toEqual(["ethos-u55-128, in use", "ethos-u65-256"]);
    expect(targetItems(byFile)[1]?.description).toBe("ethos-u65-256, in use by ethosu.json");
  });
});

describe("a target in ethosu.json", () => {
  it.each([
    ["{ \"target\": \"a\" }", "{ \"target\": \"new\" }"],
    ["{\n  // \"target\": \"x\"\n  \"target\" : \"a\", // here\n  \"memoryMode\": \"target\"\n}",
      "{\n  // \"target\": \"x\"\n  \"target\" : \"new\", // here\n  \"memoryMode\": \"target\"\n}"],
    ["{ \"calibration\": { \"target\": \"inner\" }, \"target\": \"a\" }",
      "{ \"calibration\": { \"target\": \"inner\" }, \"target\": \"new\" }"],
    ["{ \"memoryMode\": \"target\", \"target\": \"a\\\"b\" }", "{ \"memoryMode\": \"target\", \"target\": \"new\" }"],
    ["{ \"list\": [\"target\", \"x\"], /* { */ \"target\": \"a\" }", "{ \"list\": [\"target\", \"x\"], /* { */ \"target\": \"new\" }"],
  ])("%j becomes %j", (before, after) => expect(withTarget(before, "new")).toBe(after));

  it.each(["{}", "", "{ \"target\": 7 }", "{ \"calibration\": { \"target\": \"inner\" } }", "[\"target\", \"a\"]"])("is not guessed in %j",
    (text) => expect(withTarget(text, "new")).toBeUndefined());
});

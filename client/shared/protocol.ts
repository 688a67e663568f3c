// What the server and the client say to each other beyond the Language Server Protocol, and what the pages show. The server has the same
// types as records; a test of it (ProtocolTests) compares them. The client decides nothing: labels, orders and colours' meanings come from
// the server.

/** Where an operator runs. */
export type Placement = "npu" | "cpu";

export type Severity = "error" | "warning" | "info";

/** A request about one model. */
export interface ModelParams {
  uri: string;
  /** Overrides the target of `ethosu.json` and of the settings. */
  target?: string;
}

/** A request that takes long: progress is told under the token. */
export interface JobParams extends ModelParams {
  workDoneToken: string;
  /** True once the user agreed that a file that was not made here is replaced. */
  overwrite?: boolean;
}

export interface JobResult {
  /** The files written, the most important first. */
  files: string[];
  /** One sentence for the user. */
  message: string;
  /** What to ask the user before a file that was not made here is replaced; nothing was written then. */
  question?: string;
}

export interface CheckParams {
  /** Null: all models of the workspace. */
  uri: string | null;
  target?: string;
  workDoneToken: string;
}

export interface CheckResult {
  models: number;
  message: string;
}

export interface ListingResult {
  text: string;
}

export interface GraphParams extends ModelParams {
  /** The operator whose inside is wanted: the operations of an `ethos-u` operator. */
  inside?: string;
}

export interface GraphData {
  title: string;
  uri: string;
  /** One line about the whole: operators, share on the NPU, cycles. */
  summary: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** What nodes can be coloured by, besides nothing. */
  measures: Measure[];
}

export interface Measure {
  /** Key into `GraphNode.measures`. */
  id: string;
  title: string;
  unit: string;
  /** How a block's value is made of its operators': their sum, or the greatest where a sum means nothing. */
  combine?: "sum" | "max";
}

export interface GraphNode {
  id: string;
  kind: "input" | "output" | "operator" | "npu";
  /** The operator. */
  label: string;
  /** The user's name for it. */
  name: string;
  /** What stands small below the label: the output's shape. */
  detail: string;
  placement?: Placement;
  severity?: Severity;
  /** Numbers by measure; shown as a colour from the least to the greatest. */
  measures: Record<string, number>;
  /** The block that it belongs to, outermost first; nodes of one block can be drawn as one. */
  group: string[];
  /** True if `ethosu/graph` with `inside` opens it. */
  opens: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  /** The tensor's type and shape. */
  label: string;
}

export interface NodeParams extends ModelParams {
  id: string;
  inside?: string;
}

export interface NodeDetails {
  id: string;
  title: string;
  /** Tables of names and values: attributes, inputs, outputs, quantization, placement. */
  sections: DetailSection[];
  findings: FindingView[];
  /** Counts of weight values in equal bins from `min` to `max`. */
  histogram?: Histogram;
  source?: SourceLink;
  /** The line in the model listing, from 0. */
  listingLine?: number;
}

export interface DetailSection {
  title: string;
  rows: [string, string][];
}

export interface Histogram {
  title: string;
  min: number;
  max: number;
  counts: number[];
}

export interface SourceLink {
  uri: string;
  /** From 0. */
  line: number;
  label: string;
}

export interface FindingView {
  rule: string;
  severity: Severity;
  reason: string;
  advice: string;
  /** The rule's page. */
  help: string;
  /** The operator and the user's name for it; absent if the finding is about the whole model. */
  operator?: string;
  name?: string;
  /** The node in the graph. */
  node?: string;
  source?: SourceLink;
}

export interface ReportData {
  title: string;
  uri: string;
  target: string;
  summary: Fact[];
  /** The operators: columns and rows; numbers sort as numbers. */
  table: Table;
  memory?: MemoryMap;
  /** Where the cycles go, greatest first. */
  cycles: CycleShare[];
  accuracy: Fact[];
  findings: FindingView[];
  cyclesByOperator?: CycleShare[];
  fastMemory?: MemoryMap;
}

export interface Fact {
  label: string;
  value: string;
  hint?: string;
}

export interface Table {
  columns: Column[];
  rows: ReportRow[];
}

export interface CycleShare {
  label: string;
  value: number;
  node?: string;
}

export interface Column {
  title: string;
  numeric: boolean;
}

export interface ReportRow {
  /** The node in the graph that the row is about. */
  node?: string;
  cells: (string | number | null)[];
  /** The line of source that it came from. */
  source?: SourceLink;
}

/** The arena over time: each tensor a rectangle from its first to its last step. */
export interface MemoryMap {
  size: number;
  steps: number;
  tensors: MemoryTensor[];
  title?: string;
}

export interface MemoryTensor {
  name: string;
  offset: number;
  size: number;
  first: number;
  last: number;
}

export interface ComparisonData {
  title: string;
  uri: string;
  columns: string[];
  rows: ComparisonRow[];
  /** The column in force. */
  current?: string;
}

export interface ComparisonRow {
  label: string;
  cells: string[];
  /** The cells as numbers, if they can be compared. */
  values?: (number | null)[];
  better?: "less" | "more";
}

export interface TargetsParams {
  /** The model whose target is asked for; absent: that of the first folder. */
  uri?: string;
}

/** The targets that can be chosen. */
export interface TargetsResult {
  targets: Target[];
  current: string;
  /** The `ethosu.json` that names the target; absent if the settings do. */
  decidedBy?: string;
}

export interface Target {
  id: string;
  title: string;
  detail: string;
}

export interface ModelChangedParams {
  uri: string;
}

export const methods = {
  convert: "ethosu/convert",
  compile: "ethosu/compile",
  check: "ethosu/check",
  listing: "ethosu/listing",
  graph: "ethosu/graph",
  node: "ethosu/node",
  report: "ethosu/report",
  compare: "ethosu/compare",
  exportC: "ethosu/exportC",
  targets: "ethosu/targets",
  /** Tells the server that the user trusts the workspace now. */
  trusted: "ethosu/trusted",
  /** Told by the server when what it said of a model is no longer true. */
  modelChanged: "ethosu/modelChanged",
} as const;

/** Messages from a page to the extension. */
export type PageMessage =
  | { type: "ready" }
  | { type: "open"; inside?: string }
  | { type: "details"; id: string; inside?: string }
  | { type: "reveal"; source: SourceLink }
  | { type: "listing"; line: number }
  | { type: "showNode"; node: string }
  | { type: "rule"; rule: string }
  | { type: "useTarget"; target: string }
  | { type: "export"; format: "html" | "csv" | "json"; content: string };

/** Messages from the extension to a page. */
export type HostMessage =
  | { type: "graph"; data: GraphData; inside?: string }
  /** The model changed: what is shown is to be asked for again. */
  | { type: "changed" }
  | { type: "details"; data: NodeDetails }
  | { type: "report"; data: ReportData }
  | { type: "comparison"; data: ComparisonData }
  | { type: "select"; id: string }
  /** `inside`: the operator whose inside could not be had. */
  | { type: "error"; message: string; inside?: string };

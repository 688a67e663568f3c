// Writes ONNX files of the sizes that the tests need: the format is protocol buffers, of which this is the small part in use.

/** A field of a message: text and bytes as they are, whole numbers as varints. */
type Field = [number: number, value: number | string | Uint8Array];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function message(...fields: Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [Buffer.from([...varint(number * 8), ...varint(value)])];
    const bytes = Buffer.from(value as Uint8Array);
    return [Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes];
  }));
}

const float32 = 1;

/** Sizes are numbers, or names where they are open. */
function value(name: string, shape: (number | string)[]): Buffer {
  const dimensions = message(...shape.map((size): Field => [1, message([typeof size === "string" ? 2 : 1, size])]));
  return message([1, name], [2, message([1, message([1, float32], [2, dimensions])])]);
}

function integers(name: string, values: number[]): Buffer {
  return message([1, name], ...values.map((v): Field => [8, v]), [20, 7]);
}

function node(operator: string, name: string, inputs: string[], output: string, ...attributes: Buffer[]): Buffer {
  return message(...inputs.map((input): Field => [1, input]), [2, output], [3, name], [4, operator],
    ...attributes.map((a): Field => [5, a]));
}

/** Weights that keep values about as large as they are; the same for the same name. */
function weights(name: string, shape: number[]): Buffer {
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  const most = Math.sqrt((3 * (shape[0] ?? 1)) / values.length);
  let state = [...name].reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) >>> 0, 7);
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 31 - 1) * most;
  }
  return message(...shape.map((size): Field => [1, size]), [2, float32], [8, name], [9, new Uint8Array(values.buffer)]);
}

function model(name: string, shape: (number | string)[], nodes: Buffer[], initializers: Buffer[]): Buffer {
  const graph = message(...nodes.map((n): Field => [1, n]), [2, name], ...initializers.map((i): Field => [5, i]),
    [11, value("input", shape)], [12, value("output", shape)]);
  return message([1, 8], [7, graph], [8, message([1, ""], [2, 13])]);
}

/** A residual network: blocks of a convolution, a sigmoid, a multiplication and the addition of what came in, in two stages. */
export function residualNetwork({ blocks, channels, size }: { blocks: number; channels: number; size: number }): Buffer {
  const nodes: Buffer[] = [];
  const initializers: Buffer[] = [];
  let last = "input";
  for (let i = 0; i < blocks; i++) {
    const at = `/stage${Math.floor((2 * i) / blocks)}/block${i}`;
    const weight = `block${i}.weight`;
    initializers.push(weights(weight, [channels, channels, 3, 3]));
    nodes.push(
      node("Conv", `${at}/conv/Conv`, [last, weight], `${at}/conv`, integers("kernel_shape", [3, 3]), integers("pads", [1, 1, 1, 1])),
      node("Sigmoid", `${at}/gate/Sigmoid`, [`${at}/conv`], `${at}/gate`),
      node("Mul", `${at}/Mul`, [`${at}/conv`, `${at}/gate`], `${at}/mul`),
      node("Add", `${at}/Add`, [`${at}/mul`, last], i === blocks - 1 ? "output" : `${at}/add`),
    );
    last = `${at}/add`;
  }
  return model("residual", [1, channels, size, size], nodes, initializers);
}

/** A convolution of images whose height and width the file leaves open. */
export function openNetwork(): Buffer {
  const convolution =
    node("Conv", "/conv/Conv", ["input", "weight"], "output", integers("kernel_shape", [3, 3]), integers("pads", [1, 1, 1, 1]));
  return model("open", [1, 3, "H", "W"], [convolution], [weights("weight", [3, 3, 3, 3])]);
}

/** A model with one operator that is refused, under a name that the refusal repeats. */
export function refusedNetwork(name: string): Buffer {
  return model("refused", [1, 4, 4], [node("Det", name, ["input"], "output")], []);
}

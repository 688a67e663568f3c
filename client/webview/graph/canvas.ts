import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform, type ZoomBehavior } from "d3-zoom";
import type { Tint } from "./colour";
import { detailFont, labelFont, type Layout, type PlacedEdge, type PlacedNode } from "./layout";
import { readTheme, type Theme } from "./theme";

const leastScale = 0.01;
/** Below this scale labels cannot be read. */
const readable = 0.45;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Draws a layout on a canvas that pans and zooms. Only what is in view is drawn, and only as finely as can be seen. */
export class GraphCanvas {
  private edges: { edge: PlacedEdge; box: Box }[] = [];
  private readonly shortened = new Map<string, string>();
  private layout: Layout = { nodes: [], edges: [], width: 0, height: 0 };
  private theme: Theme = readTheme();
  private selected: string | undefined;
  private tint: (node: PlacedNode) => Tint | undefined = () => undefined;
  private found: ReadonlySet<string> | undefined;
  private frame = 0;
  /** True while the page is hidden and what is to be shown first has not been placed. */
  private awaitsSize = false;
  private size: [width: number, height: number] = [0, 0];
  private readonly behaviour: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly context: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement, onSelect: (id: string | undefined) => void, onOpen: (id: string) => void) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this page cannot draw");
    this.context = context;
    this.behaviour = zoom<HTMLCanvasElement, unknown>().scaleExtent([leastScale, 4]).on("zoom", () => this.redraw());
    select(canvas).call(this.behaviour).on("dblclick.zoom", null);
    canvas.addEventListener("click", (event) => onSelect(this.at(event)?.id));
    canvas.addEventListener("dblclick", (event) => {
      const hit = this.at(event);
      if (hit !== undefined) onOpen(hit.id);
    });
    canvas.addEventListener("pointermove", (event) => {
      const hit = event.buttons === 0 ? this.at(event) : undefined;
      canvas.style.cursor = hit === undefined ? "" : "pointer";
      canvas.title = hit === undefined ? "" : [hit.node.label, hit.node.name, hit.node.detail].filter((part) => part !== "").join("\n");
    });
    new ResizeObserver(() => this.resized()).observe(canvas);
  }

  /** Shows another layout; from its beginning, or where the last one was looked at. */
  show(layout: Layout, refit = true): void {
    this.layout = layout;
    this.edges = layout.edges.filter((edge) => edge.points.length > 1).map((edge) => ({ edge, box: boxOf(edge) }));
    if (refit) this.fitFrom(readable);
    else this.redraw();
  }

  select(id: string | undefined, center: boolean): void {
    this.selected = id;
    const node = this.layout.nodes.find((n) => n.id === id);
    if (node !== undefined && center) {
      const k = Math.max(0.8, zoomTransform(this.canvas).k);
      const { clientWidth, clientHeight } = this.canvas;
      const to = zoomIdentity.translate(clientWidth / 2 - (node.x + node.width / 2) * k, clientHeight / 2 - (node.y + node.height / 2) * k)
        .scale(k);
      select(this.canvas).call(this.behaviour.transform, to);
    }
    this.redraw();
  }

  colourBy(tint: (node: PlacedNode) => Tint | undefined): void {
    this.tint = tint;
    this.redraw();
  }

  /** Dims all drawn nodes but these; undefined: none. */
  highlight(found: ReadonlySet<string> | undefined): void {
    this.found = found;
    this.redraw();
  }

  /** The width of a text as it is drawn. */
  measureText(text: string, font: string): number {
    this.context.font = `${font} ${this.theme.font}`;
    return this.context.measureText(text).width;
  }

  zoomBy(factor: number): void {
    select(this.canvas).call(this.behaviour.scaleBy, factor);
  }

  /** Shows the whole graph, however small it becomes. */
  fit(): void {
    this.fitFrom(leastScale);
  }

  /** Shows the whole graph, or its top where the labels of the whole could not be read. */
  private fitFrom(least: number): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.awaitsSize = clientWidth === 0 || clientHeight === 0;
    if (this.layout.width === 0 || this.awaitsSize) return this.redraw();
    const whole = Math.min(clientWidth / (this.layout.width + 40), clientHeight / (this.layout.height + 40));
    const k = Math.min(1, Math.max(whole, least));
    const top = whole < least ? 20 : (clientHeight - this.layout.height * k) / 2;
    const to = zoomIdentity.translate((clientWidth - this.layout.width * k) / 2, top).scale(k);
    select(this.canvas).call(this.behaviour.transform, to);
  }

  /** The page has another size: what was in the middle stays there. */
  private resized(): void {
    const { clientWidth, clientHeight } = this.canvas;
    const [width, height] = this.size;
    this.size = [clientWidth, clientHeight];
    if (this.awaitsSize) return this.fitFrom(readable);
    if (width === 0 || clientWidth === 0) return this.redraw();
    const { k, x, y } = zoomTransform(this.canvas);
    const to = zoomIdentity.translate(x + (clientWidth - width) / 2, y + (clientHeight - height) / 2).scale(k);
    select(this.canvas).call(this.behaviour.transform, to);
  }

  /** The theme changed. */
  retheme(): void {
    this.theme = readTheme();
    this.shortened.clear();
    this.redraw();
  }

  private at(event: MouseEvent): PlacedNode | undefined {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = zoomTransform(this.canvas).invert([event.clientX - box.left, event.clientY - box.top]);
    return this.layout.nodes.find((n) => x >= n.x && x <= n.x + n.width && y >= n.y && y <= n.y + n.height);
  }

  private redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { canvas, context, theme } = this;
    const ratio = window.devicePixelRatio;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const { k, x, y } = zoomTransform(canvas);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
    context.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
    const view = { left: -x / k, top: -y / k, right: (canvas.clientWidth - x) / k, bottom: (canvas.clientHeight - y) / k };
    const inView = (left: number, top: number, right: number, bottom: number): boolean =>
      right >= view.left && left <= view.right && bottom >= view.top && top <= view.bottom;
    for (const { edge, box } of this.edges) if (inView(box.left, box.top, box.right, box.bottom)) this.drawEdge(edge, k);
    for (const node of this.layout.nodes)
      if (inView(node.x, node.y, node.x + node.width, node.y + node.height)) this.drawNode(node, k);
  }

  private drawEdge(edge: PlacedEdge, k: number): void {
    const { context, theme } = this;
    const active = edge.from === this.selected || edge.to === this.selected;
    context.strokeStyle = active ? theme.selection : theme.edge;
    context.lineWidth = (active ? 2 : 1) / Math.min(1, Math.max(k, 0.3));
    context.beginPath();
    edge.points.forEach((p, i) => (i === 0 ? context.moveTo(p.x, p.y) : context.lineTo(p.x, p.y)));
    context.stroke();
    const end = edge.points[edge.points.length - 1];
    if (k < 0.3 || end === undefined) return;
    context.fillStyle = context.strokeStyle;
    context.beginPath();
    context.moveTo(end.x, end.y);
    context.lineTo(end.x - 4, end.y - 8);
    context.lineTo(end.x + 4, end.y - 8);
    context.fill();
    if (active && k > 0.6 && edge.points[0] !== undefined) {
      context.font = `10px ${theme.font}`;
      context.fillText(edge.label, (end.x + edge.points[0].x) / 2 + 4, (end.y + edge.points[0].y) / 2);
    }
  }

  private drawNode(drawn: PlacedNode, k: number): void {
    const { context, theme } = this;
    const { node, x, y, width, height } = drawn;
    context.globalAlpha = this.found === undefined || this.found.has(drawn.id) ? 1 : 0.45;
    const selected = drawn.id === this.selected;
    context.beginPath();
    context.roundRect(x, y, width, height, node.kind === "input" || node.kind === "output" ? height / 2 : 5);
    context.fillStyle = theme.node;
    context.fill();
    const tint = this.tint(drawn);
    if (tint !== undefined) {
      const before = context.globalAlpha;
      context.globalAlpha = before * (0.06 + 0.6 * tint.strength);
      context.fillStyle = theme[tint.colour];
      context.fill();
      context.globalAlpha = before;
    }
    context.strokeStyle = selected ? theme.selection : node.placement === "npu" ? theme.npu : node.placement === "cpu" ? theme.cpu
      : theme.border;
    context.lineWidth = (selected ? 3 : node.kind === "npu" || drawn.block !== undefined ? 2 : 1) / Math.min(1, Math.max(k, 0.3));
    context.setLineDash(drawn.block !== undefined ? [6, 3] : []);
    context.stroke();
    context.setLineDash([]);
    if (k < 0.3) return this.opaque();
    context.textBaseline = "top";
    context.fillStyle = theme.foreground;
    context.font = `${labelFont} ${theme.font}`;
    context.fillText(this.shorten(node.label, width - 30), x + 10, y + 8);
    // On a strong colour muted text could not be read.
    context.fillStyle = tint === undefined || tint.strength < 0.3 ? theme.muted : theme.foreground;
    context.font = `${detailFont} ${theme.font}`;
    const room = width - (node.placement === "cpu" ? 46 : 20);
    context.fillText(drawn.block !== undefined ? this.shorten(node.name, room, "start") : this.shorten(node.detail, room), x + 10, y + 26);
    if (node.placement === "cpu") {
      // Not by colour alone.
      context.textAlign = "right";
      context.fillText("CPU", x + width - 8, y + 26);
      context.textAlign = "left";
    }
    if (node.severity !== undefined) {
      context.fillStyle = theme[node.severity];
      context.beginPath();
      context.arc(x + width - 12, y + 13, 5, 0, 2 * Math.PI);
      context.fill();
      context.strokeStyle = theme.background;
      context.lineWidth = 1;
      context.stroke();
    }
    this.opaque();
  }

  private opaque(): void {
    this.context.globalAlpha = 1;
  }

  /** A text cut so that it fits, in the font that is set; paths are cut at their start, for their end tells them apart. */
  private shorten(text: string, width: number, at: "start" | "end" = "end"): string {
    const { context } = this;
    const key = `${context.font}|${width}|${at}|${text}`;
    let result = this.shortened.get(key);
    if (result === undefined) {
      result = text;
      for (let length = text.length - 1; length > 0 && context.measureText(result).width > width; length--)
        result = at === "end" ? `${text.slice(0, length)}…` : `…${text.slice(text.length - length)}`;
      this.shortened.set(key, result);
    }
    return result;
  }
}

function boxOf(edge: PlacedEdge): Box {
  const xs = edge.points.map((point) => point.x);
  const ys = edge.points.map((point) => point.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

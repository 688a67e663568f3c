/** Whether a path is one of a model. */
export function isModel(path: string): boolean {
  return /\.(onnx|pt2|tflite)$/i.test(path);
}

/** Whether a path is one of a model that is converted first. */
export function isSource(path: string): boolean {
  return /\.(onnx|pt2)$/i.test(path);
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path of a model's listing. */
export function listingPath(model: string): string {
  return `${model}.listing`;
}

/** The path of the model that a listing is of. */
export function modelPath(listing: string): string {
  return listing.replace(/\.listing$/, "");
}

/** The file that a report is exported to, unless the user chooses another: beside the model, with its name. */
export function exportPath(model: string, format: string): string {
  return `${model.replace(/\.[^./]+$/, "")}.report.${format}`;
}

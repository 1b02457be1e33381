// What lies over a picture: exact cells, the boundaries of classes, the data's points, and those of the slice.
import type { Box, Camera } from "../camera.ts";
import { type Boundary, paintBoundary } from "./boundary.ts";
import { type Edges, paintEdges } from "./edges.ts";
import { type Mark, paintMarks } from "./marks.ts";
import { paintPoints, type Points } from "./points.ts";

export class Over {
  edges: Edges | null = null;
  boundary: Boundary | null = null;
  points: Points | null = null;
  marks: readonly Mark[] = [];

  /** Paints all of it, where it is on the plane, onto the picture of a view; the slice's points last. */
  paint(context: CanvasRenderingContext2D, camera: Camera, box: Box, up: boolean): void {
    if (this.edges !== null) paintEdges(context, this.edges, camera, box, up);
    if (this.boundary !== null) paintBoundary(context, this.boundary, camera, box, up);
    if (this.points !== null) paintPoints(context, this.points, camera, box, up);
    paintMarks(context, this.marks, camera, box, up);
  }
}

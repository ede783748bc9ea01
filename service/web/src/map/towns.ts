/** The places as a layer of the map, drawn by our own shader: a step of a clock writes 12 bytes a place, and no more. */
import type { CustomLayerInterface, CustomRenderMethodInput, Map as GlMap } from "maplibre-gl";

import type { Rgb } from "./colours";
import { FRAGMENT, VERTEX } from "./shader";
import type { Spot } from "./spots";

/** The bytes of a place's mark: first colour, second colour, then shape, flags, size and visibility. */
const STRIDE = 12;

export const CHOSEN = 1;
export const DIFFERENT = 2;

export class TownsLayer implements CustomLayerInterface {
  readonly id = "towns";
  readonly type = "custom" as const;
  /** In pixels of CSS, from edge to edge of a mark's square. */
  size = 20;
  ink: Rgb = [20, 24, 32];
  paper: Rgb = [255, 255, 255];
  private map?: GlMap;
  private program: WebGLProgram | null = null;
  private where: WebGLBuffer | null = null;
  private what: WebGLBuffer | null = null;
  private array: WebGLVertexArrayObject | null = null;
  private positions = new Float32Array();
  /** What the positions are relative to: 32 bits are too few for the whole world. */
  private origin: [number, number] = [0.5, 0.5];
  private marks = new Uint8Array();
  private moved = true;
  private changed = true;

  /** Where the places are, in the order in which `paint` will speak of them. */
  place(spots: readonly Spot[]): void {
    const xs = spots.filter((spot) => spot.drawn);
    this.origin = xs.length ? [mean(xs.map((spot) => spot.x)), mean(xs.map((spot) => spot.y))] : [0.5, 0.5];
    this.positions = new Float32Array(spots.length * 4);
    spots.forEach((spot, i) => {
      this.positions.set([spot.x - this.origin[0], spot.y - this.origin[1], spot.shift[0], spot.shift[1]], i * 4);
    });
    this.marks = new Uint8Array(spots.length * STRIDE);
    this.moved = this.changed = true;
    this.map?.triggerRepaint();
  }

  paint(i: number, first: Rgb, second: Rgb, shape: number, flags: number, size: number, visible: number): void {
    const to = i * STRIDE;
    const marks = this.marks;
    marks[to] = first[0];
    marks[to + 1] = first[1];
    marks[to + 2] = first[2];
    marks[to + 4] = second[0];
    marks[to + 5] = second[1];
    marks[to + 6] = second[2];
    marks[to + 8] = shape;
    marks[to + 9] = flags;
    marks[to + 10] = size;
    marks[to + 11] = visible;
  }

  /** What was painted is drawn. */
  show(): void {
    this.changed = true;
    this.map?.triggerRepaint();
  }

  onAdd(map: GlMap, gl: WebGL2RenderingContext): void {
    this.map = map;
    this.program = link(gl);
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    this.where = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.where);
    attribute(gl, this.program, "a_position", 2, gl.FLOAT, 16, 0);
    attribute(gl, this.program, "a_shift", 2, gl.FLOAT, 16, 8);
    this.what = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.what);
    attribute(gl, this.program, "a_first", 4, gl.UNSIGNED_BYTE, STRIDE, 0, true);
    attribute(gl, this.program, "a_second", 4, gl.UNSIGNED_BYTE, STRIDE, 4, true);
    attribute(gl, this.program, "a_kind", 4, gl.UNSIGNED_BYTE, STRIDE, 8);
    gl.bindVertexArray(null);
    this.moved = this.changed = true;
  }

  onRemove(_: GlMap, gl: WebGL2RenderingContext): void {
    gl.deleteProgram(this.program);
    gl.deleteBuffer(this.where);
    gl.deleteBuffer(this.what);
    gl.deleteVertexArray(this.array);
  }

  render(gl: WebGL2RenderingContext | WebGLRenderingContext, input: CustomRenderMethodInput): void {
    if (!this.program || !this.map || !("bindVertexArray" in gl)) return;
    this.upload(gl);
    gl.useProgram(this.program);
    const uniform = (name: string) => gl.getUniformLocation(this.program!, name);
    const { clientWidth, clientHeight } = this.map.getCanvas();
    gl.uniformMatrix4fv(
      uniform("u_matrix"),
      false,
      shifted(input.defaultProjectionData.mainMatrix as Float32Array, this.origin),
    );
    gl.uniform2f(uniform("u_screen"), clientWidth, clientHeight);
    gl.uniform1f(uniform("u_ratio"), this.map.getPixelRatio());
    gl.uniform1f(uniform("u_size"), this.size);
    gl.uniform3fv(
      uniform("u_ink"),
      this.ink.map((part) => part / 255),
    );
    gl.uniform3fv(
      uniform("u_paper"),
      this.paper.map((part) => part / 255),
    );
    gl.enable(gl.BLEND);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(this.array);
    for (const pass of [0, 1, 2]) {
      gl.uniform1i(uniform("u_pass"), pass);
      gl.drawArrays(gl.POINTS, 0, this.positions.length / 4);
    }
    gl.bindVertexArray(null);
  }

  private upload(gl: WebGL2RenderingContext): void {
    if (this.moved) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.where);
      gl.bufferData(gl.ARRAY_BUFFER, this.positions, gl.STATIC_DRAW);
    }
    if (this.changed) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.what);
      gl.bufferData(gl.ARRAY_BUFFER, this.marks, gl.DYNAMIC_DRAW);
    }
    this.moved = this.changed = false;
  }
}

/** A matrix for positions that are relative to an origin. */
function shifted(matrix: ArrayLike<number>, [x, y]: [number, number]): Float32Array {
  const found = Float64Array.from(matrix);
  for (let row = 0; row < 4; row++) found[12 + row] = found[12 + row]! + found[row]! * x + found[4 + row]! * y;
  return Float32Array.from(found);
}

function attribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  size: number,
  type: number,
  stride: number,
  offset: number,
  scaled = false,
): void {
  const at = gl.getAttribLocation(program, name);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, size, type, scaled, stride, offset);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()!;
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}

const mean = (values: number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

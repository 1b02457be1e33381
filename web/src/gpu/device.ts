// What there is of WebGL2: programs, float pictures, numbers for shaders. All is lost with the context and made anew.
import { COLUMNS, polynomials, ROWS } from "./lab.ts";
import { painter, type Palette, VERTEX } from "./tone.ts";
import { inBlocks, type Shader } from "./shader.ts";

type GL = WebGL2RenderingContext;

export interface Compiled {
  program: WebGLProgram;
  at: (name: string) => WebGLUniformLocation | null;
}

/** A float picture: RGBA32F, alpha 1 where something was drawn. */
export interface Target {
  texture: WebGLTexture;
  frame: WebGLFramebuffer;
  columns: number;
  rows: number;
}

const NUMBERS_WIDE = 1024;
const WEIGHTS = 0;
const CENTRE = 1;
// texture units
const PICTURE = 2;
const MAP = 3;
const GAMUT = 4;

export class Device {
  readonly gl: GL;
  /** vec4 in a uniform block */
  readonly block: number;
  readonly name: string;
  readonly #programs = new Map<string, Promise<Compiled>>();
  readonly #parallel: { COMPLETION_STATUS_KHR: number } | null;
  readonly #buffers: (WebGLBuffer | undefined)[] = [];
  readonly #textures: (WebGLTexture | undefined)[] = [];
  #map: { colours: string; texture: WebGLTexture } | undefined;
  #gamut: WebGLTexture | undefined;

  /** null where the browser has no WebGL2 that draws floats. */
  static open(canvas: HTMLCanvasElement): Device | null {
    const gl = canvas.getContext("webgl2", {
      alpha: true,
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true,
      powerPreference: "high-performance",
    });
    return gl?.getExtension("EXT_color_buffer_float") ? new Device(gl) : null;
  }

  private constructor(gl: GL) {
    this.gl = gl;
    this.block = Math.floor(Number(gl.getParameter(gl.MAX_UNIFORM_BLOCK_SIZE)) / 16);
    const names = gl.getExtension("WEBGL_debug_renderer_info");
    this.name = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    this.#parallel = gl.getExtension("KHR_parallel_shader_compile");
    gl.bindVertexArray(gl.createVertexArray());
  }

  /** Compiles once for a text, without holding the page up where the browser can. Errors: Error with the compiler's. */
  compile(fragment: string): Promise<Compiled> {
    let found = this.#programs.get(fragment);
    if (!found) {
      found = this.#compile(fragment);
      this.#programs.set(fragment, found);
      if (this.#programs.size > 40) this.#programs.delete(this.#programs.keys().next().value ?? "");
    }
    return found;
  }

  async #compile(fragment: string): Promise<Compiled> {
    const { gl } = this;
    const program = gl.createProgram();
    const shaders = ([
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const).map(([kind, source]) => {
      const shader = gl.createShader(kind);
      if (shader) {
        gl.shaderSource(shader, source);
        gl.compileShader(shader);
        gl.attachShader(program, shader);
      }
      return shader;
    });
    gl.linkProgram(program);
    if (this.#parallel) {
      while (!gl.isContextLost() && !gl.getProgramParameter(program, this.#parallel.COMPLETION_STATUS_KHR)) await pause(4);
    }
    if (!gl.isContextLost() && !gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const log = shaders.map((shader) => (shader ? gl.getShaderInfoLog(shader) : "")).join(" ");
      throw new Error(`shader: ${gl.getProgramInfoLog(program) ?? ""} ${log}`.trim());
    }
    for (const [name, binding] of [["Weights", WEIGHTS], ["Centre", CENTRE]] as const) {
      const index = gl.getUniformBlockIndex(program, name);
      if (index !== gl.INVALID_INDEX) gl.uniformBlockBinding(program, index, binding);
    }
    const locations = new Map<string, WebGLUniformLocation | null>();
    return {
      program,
      at: (name) => {
        let found = locations.get(name);
        if (found === undefined) locations.set(name, (found = gl.getUniformLocation(program, name)));
        return found;
      },
    };
  }

  target(columns: number, rows: number): Target {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + PICTURE);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, columns, rows);
    this.#nearest();
    const frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, frame, columns, rows };
  }

  free(target: Target | undefined): void {
    if (!target) return;
    this.gl.deleteFramebuffer(target.frame);
    this.gl.deleteTexture(target.texture);
  }

  clear(target: Target): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearBufferfv(gl.COLOR, 0, [0, 0, 0, 0]);
  }

  /** Sets a shader's numbers: where its text looks for them. */
  numbers(shader: Shader, list: "weights" | "centre", values: Float32Array): void {
    const { gl } = this;
    const at = list === "weights" ? WEIGHTS : CENTRE;
    if (inBlocks(shader)) {
      const buffer = (this.#buffers[at] ??= gl.createBuffer());
      gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
      gl.bufferData(gl.UNIFORM_BUFFER, values, gl.DYNAMIC_DRAW);
      gl.bindBufferBase(gl.UNIFORM_BUFFER, at, buffer);
      return;
    }
    const texture = (this.#textures[at] ??= gl.createTexture());
    const rows = Math.max(1, Math.ceil(values.length / (4 * NUMBERS_WIDE)));
    const padded = new Float32Array(rows * NUMBERS_WIDE * 4);
    padded.set(values);
    gl.activeTexture(gl.TEXTURE0 + at);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, NUMBERS_WIDE, rows, 0, gl.RGBA, gl.FLOAT, padded);
    this.#nearest();
  }

  /** Evaluates the network on a rectangle of a target's pixels. */
  evaluate(
    compiled: Compiled,
    target: Target,
    rectangle: readonly [number, number, number, number],
    pitch: readonly [number, number],
    depth: number,
  ): void {
    const { gl } = this;
    gl.useProgram(compiled.program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    gl.viewport(0, 0, target.columns, target.rows);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(...rectangle);
    gl.uniform2f(compiled.at("corner"), -target.columns / 2, -target.rows / 2);
    gl.uniform2f(compiled.at("pitch"), ...pitch);
    gl.uniform1f(compiled.at("S"), 2 ** -depth);
    gl.uniform1f(compiled.at("inverse"), 2 ** Math.min(depth, 99));
    gl.uniform1i(compiled.at("weights"), WEIGHTS);
    gl.uniform1i(compiled.at("centre"), CENTRE);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Paints a target onto a rectangle of the canvas, given in pixels from its upper left. */
  paint(
    compiled: Compiled,
    target: Target,
    how: { gain: readonly number[]; offset: readonly number[]; place: readonly number[]; map?: string | undefined },
    [left, top, width, height]: readonly [number, number, number, number],
  ): void {
    const { gl } = this;
    const { width: columns, height: rows } = gl.canvas;
    gl.useProgram(compiled.program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, columns, rows);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(left, rows - top - height, width, height);
    gl.activeTexture(gl.TEXTURE0 + PICTURE);
    gl.bindTexture(gl.TEXTURE_2D, target.texture);
    gl.uniform1i(compiled.at("picture"), PICTURE);
    if (how.map !== undefined) {
      this.#bindMap(how.map);
      gl.uniform1i(compiled.at("map"), MAP);
    }
    if (compiled.at("gamut") !== null) {
      this.#bindGamut();
      gl.uniform1i(compiled.at("gamut"), GAMUT);
    }
    gl.uniform3fv(compiled.at("gain"), how.gain);
    gl.uniform3fv(compiled.at("offset"), how.offset);
    gl.uniform4fv(compiled.at("place"), how.place);
    gl.uniform1f(compiled.at("rows"), rows);
    // what is transparent leaves what was there
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.BLEND);
  }

  painter(kind: Palette): Promise<Compiled> {
    return this.compile(painter(kind));
  }

  /** All of a target's values, RGBA, row 0 the smallest y; null where the context is lost before they are there. */
  async read(target: Target): Promise<Float32Array | null> {
    const { gl } = this;
    const out = new Float32Array(4 * target.columns * target.rows);
    // by way of a buffer: reading directly would hold the page up
    const buffer = gl.createBuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, out.byteLength, gl.STREAM_READ);
    gl.readPixels(0, 0, target.columns, target.rows, gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await this.settled();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, out);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    return gl.isContextLost() ? null : out;
  }

  /** Until what was asked for is drawn, without holding the page up. */
  async settled(): Promise<void> {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!fence) return;
    gl.flush();
    while (!gl.isContextLost() && gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED) await pause(1);
    gl.deleteSync(fence);
  }

  #bindMap(colours: string): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + MAP);
    if (this.#map?.colours !== colours) {
      gl.deleteTexture(this.#map?.texture ?? null);
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      const rgb = Uint8Array.from(atob(colours), (c) => c.charCodeAt(0));
      const rgba = Uint8Array.from({ length: (rgb.length / 3) * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : (rgb[3 * (i >> 2) + (i & 3)] ?? 0),
      );
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, rgba.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
      this.#nearest();
      this.#map = { colours, texture };
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#map.texture);
  }

  #bindGamut(): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + GAMUT);
    if (!this.#gamut) {
      this.#gamut = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, this.#gamut);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, COLUMNS + 1, 3 * ROWS, 0, gl.RGBA, gl.FLOAT, polynomials());
      this.#nearest();
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#gamut);
  }

  #nearest(): void {
    const { gl } = this;
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

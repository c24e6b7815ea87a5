/** Puts a person before something else, on the graphics processor. It never sees where frames come from or go. */
import { BackgroundFailure } from "./choice";
import type { Behind } from "./messages";
import { cover, kernel, type Size } from "./numbers";
import { BEHIND, BLUR, COVER, EDGE, MERGE, TAPS } from "./shaders";

/** The mask is drawn to the picture's edges at this part of its size, the blur is made at the other. */
const EDGE_PART = 2;
const BLUR_PART = 4;

interface Target {
  texture: WebGLTexture;
  buffer: WebGLFramebuffer;
  size: Size;
}

interface Program {
  program: WebGLProgram;
  uniform(name: string): WebGLUniformLocation | null;
}

export class Compositor {
  readonly canvas = new OffscreenCanvas(1, 1);
  readonly #gl: WebGL2RenderingContext;
  readonly #programs: Record<"edge" | "behind" | "blur" | "merge", Program>;
  readonly #frame: WebGLTexture;
  readonly #mask: WebGLTexture;
  readonly #picture: WebGLTexture;
  readonly #edge: Target;
  readonly #blurred: readonly [Target, Target];
  #behind: { kind: "blur"; sigma: number } | { kind: "picture"; size: Size } = { kind: "blur", sigma: 1 };

  /** `lost` is told when the system takes the graphics processor away. Throws `BackgroundFailure`. */
  constructor(lost: () => void) {
    const gl = this.canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
    if (!gl) throw new BackgroundFailure("unsupported");
    this.canvas.addEventListener("webglcontextlost", lost);
    this.#gl = gl;
    this.#programs = {
      edge: link(gl, EDGE),
      behind: link(gl, BEHIND),
      blur: link(gl, BLUR),
      merge: link(gl, MERGE),
    };
    this.#frame = texture(gl);
    this.#mask = texture(gl);
    this.#picture = texture(gl);
    this.#edge = target(gl);
    this.#blurred = [target(gl), target(gl)];
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  /** Takes the image over. */
  show(behind: Behind): void {
    if (behind.kind === "blur") {
      this.#behind = behind;
      return;
    }
    const { image } = behind;
    const size = { width: image.width, height: image.height };
    this.#upload(this.#picture, image);
    image.close();
    this.#behind = { kind: "picture", size };
  }

  /** Draws onto the canvas, which takes the frame's size. `mask`: how surely each pixel is the person, 0…255. */
  draw(frame: TexImageSource, size: Size, mask: Uint8Array, maskSize: Size): void {
    const gl = this.#gl;
    if (this.canvas.width !== size.width) this.canvas.width = size.width;
    if (this.canvas.height !== size.height) this.canvas.height = size.height;
    this.#upload(this.#frame, frame);
    gl.bindTexture(gl.TEXTURE_2D, this.#mask);
    const { width, height } = maskSize;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, mask);

    resize(gl, this.#edge, size, EDGE_PART);
    const edge = this.#programs.edge;
    this.#begin(edge, this.#edge, { frame: this.#frame, mask: this.#mask });
    gl.uniform2f(edge.uniform("texel"), 1 / width, 1 / height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);

    const behind = this.#behind;
    if (behind.kind === "blur") this.#blur(size, behind.sigma * size.height);
    const merge = this.#programs.merge;
    this.#begin(merge, null, {
      frame: this.#frame,
      mask: this.#edge.texture,
      behind: behind.kind === "blur" ? this.#blurred[0].texture : this.#picture,
    });
    const part = behind.kind === "blur" ? { width: 1, height: 1 } : cover(behind.size, size);
    gl.uniform2f(merge.uniform("part"), part.width, part.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** `sigma` in pixels of the frame. */
  #blur(size: Size, sigma: number): void {
    const gl = this.#gl;
    for (const one of this.#blurred) resize(gl, one, size, BLUR_PART);
    const [first, second] = this.#blurred;
    const behind = this.#programs.behind;
    this.#begin(behind, first, { frame: this.#frame, mask: this.#edge.texture });
    gl.uniform2f(behind.uniform("texel"), 1 / size.width, 1 / size.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);

    const weights = new Float32Array(TAPS);
    weights.set(kernel(Math.max(0.5, sigma / BLUR_PART), TAPS));
    const blur = this.#programs.blur;
    for (const [from, to, x, y] of [
      [first, second, 1, 0],
      [second, first, 0, 1],
    ] as const) {
      this.#begin(blur, to, { frame: from.texture });
      gl.uniform2f(blur.uniform("texel"), x / from.size.width, y / from.size.height);
      gl.uniform1fv(blur.uniform("weights"), weights);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
  }

  #begin({ program, uniform }: Program, onto: Target | null, textures: Record<string, WebGLTexture>): void {
    const gl = this.#gl;
    gl.useProgram(program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, onto?.buffer ?? null);
    const { width, height } = onto?.size ?? this.canvas;
    gl.viewport(0, 0, width, height);
    gl.uniform1f(uniform("flip"), onto ? 1 : -1);
    for (const [unit, [name, one]] of Object.entries(textures).entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, one);
      gl.uniform1i(uniform(name), unit);
    }
    gl.activeTexture(gl.TEXTURE0);
  }

  #upload(into: WebGLTexture, source: TexImageSource): void {
    const gl = this.#gl;
    gl.bindTexture(gl.TEXTURE_2D, into);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
  }
}

function texture(gl: WebGL2RenderingContext): WebGLTexture {
  const one = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, one);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, way, gl.LINEAR);
  return one;
}

function target(gl: WebGL2RenderingContext): Target {
  const one = texture(gl);
  const buffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, one, 0);
  return { texture: one, buffer, size: { width: 0, height: 0 } };
}

function resize(gl: WebGL2RenderingContext, one: Target, frame: Size, part: number): void {
  const size = { width: Math.ceil(frame.width / part), height: Math.ceil(frame.height / part) };
  if (one.size.width === size.width && one.size.height === size.height) return;
  one.size = size;
  gl.bindTexture(gl.TEXTURE_2D, one.texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, size.width, size.height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
}

function link(gl: WebGL2RenderingContext, fragment: string): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, COVER],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new BackgroundFailure("unsupported");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new BackgroundFailure("unsupported");
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    program,
    uniform(name) {
      let place = known.get(name);
      if (place === undefined) {
        place = gl.getUniformLocation(program, name);
        known.set(name, place);
      }
      return place;
    },
  };
}

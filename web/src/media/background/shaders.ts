/**
 * Programs of the compositor, GLSL ES 3.00. Textures begin at the top left; only the last pass, onto
 * the canvas, turns the picture over.
 */

/** Taps on one side of the blur, its middle included. */
export const TAPS = 24;

/** One triangle over everything; `flip` is -1 onto a canvas, whose first row is the lowest. */
export const COVER = `#version 300 es
uniform float flip;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1.);
  at = corner * .5 + .5;
  gl_Position = vec4(corner.x, corner.y * flip, 0, 1);
}`;

/**
 * Draws the mask's edge to the picture's: neighbours count by nearness and by likeness of colour
 * (joint bilateral upsampling, Kopf et al. 2007).
 */
export const EDGE = `#version 300 es
precision highp float;
uniform sampler2D frame, mask;
uniform vec2 texel;
in vec2 at;
out vec4 result;
void main() {
  vec3 here = texture(frame, at).rgb;
  float sum = 0., weights = 0.;
  for (int y = -2; y <= 2; y++) for (int x = -2; x <= 2; x++) {
    vec2 there = at + vec2(x, y) * texel;
    vec3 unlike = texture(frame, there).rgb - here;
    float weight = exp(-float(x * x + y * y) / 4. - dot(unlike, unlike) * 40.);
    sum += texture(mask, there).r * weight;
    weights += weight;
  }
  result = vec4(sum / weights);
}`;

/** The background alone, small: colours times how little they belong to the person, and that. */
export const BEHIND = `#version 300 es
precision highp float;
uniform sampler2D frame, mask;
uniform vec2 texel;
in vec2 at;
out vec4 result;
void main() {
  vec4 sum = vec4(0);
  for (int y = -1; y <= 1; y += 2) for (int x = -1; x <= 1; x += 2) {
    vec2 there = at + vec2(x, y) * texel;
    float room = max(1. - smoothstep(.1, .6, texture(mask, there).r), .004);
    sum += vec4(texture(frame, there).rgb * room, room);
  }
  result = sum / 4.;
}`;

/** One direction of a Gaussian. */
export const BLUR = `#version 300 es
precision highp float;
uniform sampler2D frame;
uniform vec2 texel;
uniform float weights[${TAPS}];
in vec2 at;
out vec4 result;
void main() {
  result = texture(frame, at) * weights[0];
  for (int tap = 1; tap < ${TAPS}; tap++) {
    if (weights[tap] == 0.) break;
    vec2 way = texel * float(tap);
    result += (texture(frame, at + way) + texture(frame, at - way)) * weights[tap];
  }
}`;

/** The person before what is behind; colours of it are divided by the weight they were given. */
export const MERGE = `#version 300 es
precision highp float;
uniform sampler2D frame, mask, behind;
uniform vec2 part;
in vec2 at;
out vec4 result;
void main() {
  vec4 back = texture(behind, (at - .5) * part + .5);
  float person = smoothstep(.3, .75, texture(mask, at).r);
  result = vec4(mix(back.rgb / max(back.a, .004), texture(frame, at).rgb, person), 1);
}`;

/** The shaders that draw a mark on a point: one square of pixels per place, its shape worked out in the fragment. */

export const VERTEX = `#version 300 es
precision highp float;
uniform mat4 u_matrix;
uniform vec2 u_screen;
uniform float u_ratio;
uniform float u_size;
uniform int u_pass;
in vec2 a_position;
in vec2 a_shift;
in vec4 a_first;
in vec4 a_second;
in vec4 a_kind;
out vec4 v_first;
out vec4 v_second;
flat out vec4 v_kind;
out float v_pixels;
void main() {
  v_first = a_first;
  v_second = a_second;
  v_kind = a_kind;
  vec4 at = u_matrix * vec4(a_position, 0.0, 1.0);
  at.xy += a_shift * u_size * 2.0 / u_screen * at.w * vec2(1.0, -1.0);
  gl_Position = at;
  v_pixels = u_size * u_ratio * mix(0.7, 1.0, a_kind.z);
  gl_PointSize = v_pixels * 1.6;
  int turn = (int(a_kind.y + 0.5) & 1) != 0 ? 2 : a_kind.x > 0.5 ? 1 : 0; // what is unknown lies lowest, the chosen one on top
  if (turn != u_pass || a_kind.w < 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

/** a_kind: shape, flags (1 chosen, 2 different), size, how visible. The square runs from -16 to 16, a mark's radius is 7.6. */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform vec3 u_ink;
uniform vec3 u_paper;
in vec4 v_first;
in vec4 v_second;
flat in vec4 v_kind;
in float v_pixels;
out vec4 colour;
float soft;
float within(float distance) { return 1.0 - smoothstep(-soft, soft, distance); }
float ring(float distance, float width) { return within(abs(distance) - width); }
void over(inout vec4 below, vec3 rgb, float alpha) {
  below = vec4(rgb * alpha, alpha) + below * (1.0 - alpha);
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 32.0;
  soft = 20.0 / v_pixels * 0.75;
  float r = length(p);
  vec4 found = vec4(0.0);
  int shape = int(v_kind.x + 0.5);
  int flags = int(v_kind.y + 0.5);
  if ((flags & 2) != 0) over(found, u_ink, ring(r - 12.6, 0.7));
  if ((flags & 1) != 0) { over(found, u_paper, ring(r - 12.4, 2.4)); over(found, u_ink, ring(r - 12.4, 1.5)); }
  vec3 half_ = p.x < 0.0 ? v_first.rgb : v_second.rgb;
  if (shape == 0) {
    over(found, u_paper, within(r - 5.6) * 0.85);
    over(found, v_first.rgb, ring(r - 4.2, 0.9));
  } else if (shape == 1) {
    over(found, u_paper, within(r - 9.2));
    over(found, mix(v_first.rgb, v_second.rgb, smoothstep(-soft, soft, p.x)), within(r - 7.6));
  } else if (shape == 2) {
    float square = max(abs(p.x), abs(p.y));
    over(found, u_paper, within(square - 9.6));
    float along = fract((p.x - p.y) / 10.6 + 0.25);
    vec3 other = v_first.rgb == v_second.rgb ? u_paper : v_second.rgb;
    over(found, mix(v_first.rgb, other, smoothstep(0.47, 0.53, along) - smoothstep(0.97, 1.0, along)), within(square - 7.6));
    over(found, u_ink, ring(square - 7.3, 0.95));
  } else if (shape == 3) {
    float diamond = (abs(p.x) + abs(p.y)) * 0.7071;
    over(found, u_paper, within(diamond - 8.0));
    over(found, half_, within(diamond - 6.5));
    over(found, u_paper, within(abs(p.x) - 0.8) * within(diamond - 6.5));
  } else if (shape == 4) {
    over(found, u_paper, within(r - 9.8));
    over(found, mix(v_first.rgb, v_second.rgb, smoothstep(-soft, soft, p.x)), within(r - 5.6));
    float dash = step(0.5, fract(atan(p.y, p.x) / 6.28318 * 8.0));
    over(found, u_ink, ring(r - 8.2, 0.9) * dash);
  } else {
    over(found, u_paper, within(r - 8.4) * 0.9);
    over(found, v_first.rgb, ring(r - 6.8, 1.0));
    over(found, v_first.rgb, within(abs(p.x + p.y) * 0.7071 - 1.0) * within(r - 6.8));
  }
  colour = found * v_kind.w;
}`;

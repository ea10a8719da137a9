// AssemblyScript, compiled to WebAssembly SIMD by esbuild.mjs; shares the memory of tfjs's backend (no data, no heap).

/** y[i] = scale * clip(nearest(x[i] / scale), low, high); nearest is half to even. Pointers in bytes, n in floats. */
export function fakeQuant(x: usize, y: usize, n: i32, scale: f32, low: f32, high: f32): void {
  const s = f32x4.splat(scale);
  const lo = f32x4.splat(low);
  const hi = f32x4.splat(high);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const steps = f32x4.nearest(f32x4.div(v128.load(x + at), s));
    v128.store(y + at, f32x4.mul(f32x4.min(f32x4.max(steps, lo), hi), s));
  }
  for (let i = whole; i < n; i++) {
    const at = (<usize>i) << 2;
    const steps = nearest<f32>(load<f32>(x + at) / scale);
    store<f32>(y + at, min<f32>(max<f32>(steps, low), high) * scale);
  }
}

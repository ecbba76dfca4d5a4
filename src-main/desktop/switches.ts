// Chromium's command-line switches: training must not be throttled, and WebGPU must be had where it can.
export type Switch = readonly [name: string, value?: string]

export interface SwitchFacts {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The last starts crashed the GPU process: ask nothing of the driver that it does not do by itself. */
  readonly safeMode: boolean
}

export function commandLineSwitches({ platform, env, safeMode }: SwitchFacts): Switch[] {
  const switches: Switch[] = [
    // A hidden window's timers and priority; the windows' own `backgroundThrottling: false` does not cover all three.
    ['disable-renderer-backgrounding'],
    ['disable-background-timer-throttling'],
    ['disable-backgrounding-occluded-windows'],
    // Else some crashes of the GPU process in a row end the whole app.
    ['disable-gpu-process-crash-limit'],
  ]
  if (safeMode) return switches
  switches.push(['force_high_performance_gpu'])
  if (platform === 'linux') {
    // Without it Chromium offers WebGPU on some Intel and NVIDIA drivers only.
    switches.push(['enable-unsafe-webgpu'], ['ignore-gpu-blocklist'])
    if (wantsVulkan(env))
      // In one list: a second `enable-features` would replace the first. On Wayland a window with Vulkan never appears,
      // so the two come together.
      switches.push(
        ['ozone-platform', 'x11'],
        ['use-angle', 'vulkan'],
        ['enable-features', 'Vulkan,VulkanFromANGLE'],
      )
  }
  return switches
}

/** On an X11 session, unless ANDROMEDA_VULKAN=0; on Wayland only when asked for with ANDROMEDA_VULKAN=1. */
function wantsVulkan(env: SwitchFacts['env']): boolean {
  if (env.ANDROMEDA_VULKAN === '1') return true
  const isWayland = Boolean(env.WAYLAND_DISPLAY) || env.XDG_SESSION_TYPE === 'wayland'
  return env.ANDROMEDA_VULKAN !== '0' && !isWayland
}

// What to do when Chromium offers only a GPU emulated on the CPU, per operating system.
export type System = 'windows' | 'macos' | 'linux' | 'other'

export const systemOf = (userAgent: string): System =>
  /Windows/.test(userAgent)
    ? 'windows'
    : /Mac OS X|Macintosh/.test(userAgent)
      ? 'macos'
      : /Linux|X11|CrOS/.test(userAgent)
        ? 'linux'
        : 'other'

export const softwareAdvice: Record<System, readonly string[]> = {
  windows: [
    "Install the graphics driver from the GPU's maker (NVIDIA, AMD, Intel); Windows Update's is often years old.",
    'On a laptop with two GPUs: Settings › System › Display › Graphics, add this app, choose High performance.',
    'Over Remote Desktop no GPU may be offered: start the app at the machine itself.',
  ],
  macos: [
    'Every Mac with an M chip has a GPU that works; on older ones update macOS.',
    'In a virtual machine no GPU is offered: start the app on the Mac itself.',
  ],
  linux: [
    'Install a Vulkan driver: mesa-vulkan-drivers for AMD and Intel, the proprietary driver for NVIDIA; vulkaninfo --summary should then name the GPU.',
    'In the browser host, start Chrome or Chromium with --enable-unsafe-webgpu --enable-features=Vulkan --ozone-platform=x11.',
    'In a container or over SSH no GPU may be visible: start the app on the machine itself.',
  ],
  other: ['Update the graphics driver, then start the app again.'],
}

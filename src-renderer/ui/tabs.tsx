// The tabs: one row and one feature folder each. The rail, Ctrl+1…9, the palette and the tests read this table.
import {
  ChartNoAxesCombined,
  Cpu,
  GraduationCap,
  type LucideIcon,
  MessagesSquare,
  Orbit,
  Repeat,
  Scale,
  ScrollText,
  Settings,
  TextCursorInput,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { ChatTab } from './features/chat/chat-tab.tsx'
import { DeviceTab } from './features/device/device-tab.tsx'
import { EvaluateTab } from './features/evaluate/evaluate-tab.tsx'
import { OverviewTab } from './features/overview/overview-tab.tsx'
import { PpoTab } from './features/ppo/ppo-tab.tsx'
import { PretrainTab } from './features/pretrain/pretrain-tab.tsx'
import { RewardTab } from './features/reward/reward-tab.tsx'
import { RunsTab } from './features/runs/runs-tab.tsx'
import { SettingsTab } from './features/settings/settings-tab.tsx'
import { SftTab } from './features/sft/sft-tab.tsx'
import type { PhaseId } from './phases.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly icon: LucideIcon
  readonly group: 'start' | 'pipeline' | 'lab'
  /** Set where the tab is a phase: its accent and number. */
  readonly phase?: PhaseId
  readonly screen: ComponentType
}

export const tabs: readonly Tab[] = [
  { id: 'overview', title: 'Overview', icon: Orbit, group: 'start', screen: OverviewTab },
  {
    id: 'pretrain',
    title: 'Pre-training',
    icon: TextCursorInput,
    group: 'pipeline',
    phase: 'pretrain',
    screen: PretrainTab,
  },
  {
    id: 'sft',
    title: 'Fine-tuning',
    icon: GraduationCap,
    group: 'pipeline',
    phase: 'sft',
    screen: SftTab,
  },
  {
    id: 'reward',
    title: 'Reward model',
    icon: Scale,
    group: 'pipeline',
    phase: 'reward',
    screen: RewardTab,
  },
  {
    id: 'ppo',
    title: 'Reinforcement',
    icon: Repeat,
    group: 'pipeline',
    phase: 'ppo',
    screen: PpoTab,
  },
  { id: 'chat', title: 'Chat', icon: MessagesSquare, group: 'lab', screen: ChatTab },
  { id: 'evaluate', title: 'Evaluate', icon: ChartNoAxesCombined, group: 'lab', screen: EvaluateTab },
  { id: 'runs', title: 'Runs', icon: ScrollText, group: 'lab', screen: RunsTab },
  { id: 'device', title: 'Device', icon: Cpu, group: 'lab', screen: DeviceTab },
  { id: 'settings', title: 'Settings', icon: Settings, group: 'lab', screen: SettingsTab },
]

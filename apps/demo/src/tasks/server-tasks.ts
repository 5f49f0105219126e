import { CalendarRange, ChartColumn, Eye, MailCheck } from 'lucide-react';
import { serverScenarios } from '../scenarios/server-scenarios.ts';
import { withIcons } from './task.ts';

export const serverTasks = withIcons(serverScenarios, {
  sales: ChartColumn,
  offer: MailCheck,
  look: Eye,
  years: CalendarRange,
});

import { BookMarked, CloudRain, Dices, Route, ScanSearch, ShieldAlert, Signpost } from 'lucide-react';
import { pageScenarios } from '../scenarios/page-scenarios.ts';
import { withIcons } from './task.ts';

export const pageTasks = withIcons(pageScenarios, {
  rainier: CloudRain,
  odds: Dices,
  page: ScanSearch,
  note: BookMarked,
  together: Signpost,
  mistake: ShieldAlert,
  long: Route,
});

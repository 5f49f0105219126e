import {
  BarChart3,
  BookMarked,
  Calculator,
  Database,
  Dices,
  Globe,
  KeyRound,
  MailCheck,
  FileText,
  MessageCircleQuestion,
  NotebookPen,
  Ruler,
  Wrench,
  type LucideIcon,
} from 'lucide-react';

interface ToolLook {
  readonly title: string;
  readonly icon: LucideIcon;
}

const looks: Readonly<Record<string, ToolLook>> = {
  calculate: { title: 'Calculate', icon: Calculator },
  query_data: { title: 'Query the data', icon: Database },
  draw_chart: { title: 'Draw a chart', icon: BarChart3 },
  simulate_weather: { title: 'Simulate', icon: Dices },
  read_page: { title: 'Read the page', icon: FileText },
  measure_page: { title: 'Measure the page', icon: Ruler },
  save_note: { title: 'Save a note', icon: NotebookPen },
  list_notes: { title: 'Read the notebook', icon: BookMarked },
  query_orders: { title: 'Query the database', icon: Database },
  sign_offer: { title: 'Sign an offer', icon: KeyRound },
  send_offer: { title: 'Send an offer', icon: MailCheck },
  browser_settings: { title: 'Read browser settings', icon: Globe },
  ask_person: { title: 'Ask you', icon: MessageCircleQuestion },
};

/** Returns the title and icon of a tool. A model may also call an unknown tool. */
export function toolLook(name: string): ToolLook {
  return looks[name] ?? { title: name, icon: Wrench };
}

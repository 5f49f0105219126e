import { Bell } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button } from '../ui/button.tsx';

/** Whether this browser can still ask the visitor for the permission. */
function canAsk(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'default';
}

/** Asks for the permission to notify, only after a click. Hidden after the visitor has decided. */
export function NotifyButton(): ReactElement | null {
  const [isShown, setShown] = useState(canAsk);
  if (!isShown) return null;
  return (
    <Button
      title="Shows a notification of this browser if a run needs you while this tab is hidden"
      onClick={() => void Notification.requestPermission().then(() => setShown(canAsk()))}
    >
      <Bell size={14} aria-hidden="true" /> Notify me
    </Button>
  );
}

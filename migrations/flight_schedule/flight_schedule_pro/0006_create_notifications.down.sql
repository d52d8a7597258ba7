-- airside: data-loss table public.notifications
DROP TABLE notifications;

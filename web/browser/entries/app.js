import '../styles/app.css';
import '../styles/pages.css';
import '../styles/opinions.css';
import '../styles/navigation.css';
import '../app/htmx.js';
import { watchConnection } from '../app/offline.js';
import { printButtons } from '../app/print.js';
import { submitOnce } from '../app/submit-once.js';
import { closeMenus } from '../app/menus.js';
import { toasts } from '../app/toast.js';

watchConnection();
printButtons();
submitOnce();
closeMenus();
toasts();

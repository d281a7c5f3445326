import '../styles/form.css';
import '../form/element.js';
import '../form/attachments.js';

import '../styles/form.css';
import '../form/element.js';

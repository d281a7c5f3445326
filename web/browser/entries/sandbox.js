import '../styles/diagram.css';
import '../styles/form.css';
import '../styles/designer.css';
import '../form/element.js';
import '../designer/sandbox.js';

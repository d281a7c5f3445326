import '../styles/diagram.css';
import '../diagram/element.js';

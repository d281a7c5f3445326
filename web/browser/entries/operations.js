import '../styles/diagram.css';
import '../styles/operations.css';
import '../diagram/element.js';
import { chooseOnDiagram } from '../operations/choose.js';

chooseOnDiagram();

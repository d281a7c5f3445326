import { useContext } from 'preact/hooks';
import { FormContext } from '@bpmn-io/form-js-viewer';

/** A service of the form that a widget stands in (form-js keeps its own hook to itself). */
export const useService = type => useContext(FormContext).getService(type);

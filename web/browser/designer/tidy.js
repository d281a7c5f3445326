/** Writes the places of a drawing made elsewhere (the server's layout) into the open diagram, as one step that can be undone. */
class PlacesHandler {
  constructor(bpmnUpdater, elementRegistry) {
    this._updater = bpmnUpdater;
    this._registry = elementRegistry;
  }

  execute(context) {
    context.before = new Map();
    return this._write(context.places, context.before);
  }

  revert(context) {
    return this._write(context.before, null);
  }

  _write(places, before) {
    const changed = [];
    for (const [ id, place ] of places) {
      const element = this._registry.get(id);
      if (!element || Boolean(element.waypoints) !== Boolean(place.waypoints)) continue;
      before?.set(id, placeOf(element));
      if (place.waypoints) {
        element.waypoints = place.waypoints.map(point => ({ ...point }));
        this._updater.updateConnectionWaypoints(element);
      } else {
        Object.assign(element, place);
        this._updater.updateBounds(element);
      }
      changed.push(element);
    }
    return changed;
  }
}
PlacesHandler.$inject = [ 'bpmnUpdater', 'elementRegistry' ];

class Tidy {
  constructor(commandStack, moddle) {
    this._commandStack = commandStack;
    this._moddle = moddle;
    commandStack.registerHandler('cogov.places', PlacesHandler);
  }

  /** Takes over the drawing of `xml`. */
  async apply(xml) {
    const { rootElement } = await this._moddle.fromXML(xml);
    const places = new Map();
    for (const { plane } of rootElement.diagrams ?? []) for (const di of plane.planeElement ?? []) addPlaces(places, di);
    this._commandStack.execute('cogov.places', { places });
  }
}
Tidy.$inject = [ 'commandStack', 'moddle' ];

function addPlaces(places, di) {
  const id = di.bpmnElement?.id;
  if (!id) return;
  if (di.waypoint) places.set(id, { waypoints: di.waypoint.map(({ x, y }) => ({ x, y })) });
  else if (di.bounds) places.set(id, boundsOf(di.bounds));
  if (di.label?.bounds) places.set(`${id}_label`, boundsOf(di.label.bounds));
}

/** Whole pixels, as the importer makes them. */
const boundsOf = ({ x, y, width, height }) => ({ x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) });
const placeOf = element => (element.waypoints ? { waypoints: element.waypoints.map(({ x, y }) => ({ x, y })) } : { x: element.x, y: element.y, width: element.width, height: element.height });

export const tidyModule = { __init__: [ 'tidy' ], tidy: [ 'type', Tidy ] };

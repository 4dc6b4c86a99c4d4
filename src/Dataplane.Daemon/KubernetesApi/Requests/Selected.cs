using Dataplane.ApiMachinery.Selection;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Served;

namespace Dataplane.Daemon.KubernetesApi.Requests;

/// <summary>Which objects a request is about.</summary>
internal sealed class Selected
{
    private readonly ApiRequest _request;
    private readonly LabelSelectorText _labels;
    private readonly FieldSelectorText _fields;

    /// <exception cref="StatusException">A selector is not understood.</exception>
    public Selected(ApiRequest request)
    {
        _request = request;
        _labels = LabelSelectorText.Parse(request.Text("labelSelector"));
        _fields = FieldSelectorText.Parse(request.Text("fieldSelector"), request.Resource);
    }

    public bool Has(ServedObject obj)
    {
        if (obj.Resource != _request.Resource && obj.Resource.Path != _request.Resource.Path) return false;
        if (_request.Resource.Kind.Namespaced && _request.Namespace.Length > 0 && obj.Namespace != _request.Namespace)
            return false;
        if (_request.Path.Name is { } name && obj.Name != name) return false;
        if (_fields.Name is { } only && obj.Name != only) return false;
        if (_labels.IsEmpty && _fields.IsEmpty) return true;
        var json = obj.Parse();
        return _labels.Matches(json) && _fields.Matches(json);
    }

    public IEnumerable<ServedObject> In(ServedList list) => list.Of(_request.Resource.Path).Values.Where(Has);
}

using System.Reflection;
using Elsa.Workflows.UIHints.Dropdown;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>The channels a workflow can be started on: here there is one, since all runs share the workers.</summary>
public class ChannelOptions : DropDownOptionsProviderBase
{
    /// <inheritdoc />
    protected override ValueTask<ICollection<SelectListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
        new([new SelectListItem("Default", "")]);
}

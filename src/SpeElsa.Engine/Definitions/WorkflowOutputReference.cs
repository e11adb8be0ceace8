using Elsa.Expressions.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>Where an output of an activity goes that is bound to an output of the workflow.</summary>
internal sealed class WorkflowOutputReference(string name) : MemoryBlockReference(name);
